/**
 * Soaks one scenario: plays its rounds for some time, warms up first, and then measures again and again what is
 * there when garbage has been collected.
 *
 *   node --expose-gc test/soak/run.mjs <scenario> <seconds> [leak]
 *
 * Prints a line of JSON each time, `{ told }` on the way and `{ samples, rounds }` at the end. With `leak`
 * something is kept of each round: a test that growth is seen.
 */
import { checkEngine, engine } from "#engine";
import { scenarios } from "./scenarios.mjs";

const [, , name, seconds, leak] = process.argv;
const WARM_UP = 0.25;
/** What a sample costs, collections above all, should be little against the rounds. */
const SAMPLES = seconds < 10 ? 12 : 30;
const PROGRESS_SECONDS = 5;

const faults = [];
process.on("uncaughtException", (error) => faults.push(`uncaught: ${error?.stack ?? error}`));
process.on("unhandledRejection", (error) => faults.push(`unhandled: ${error?.stack ?? error}`));
process.on("warning", (warning) => faults.push(`warning: ${warning.stack}`));

const print = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A source of numbers that is the same each time. */
let state = 20;
const random = (n) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % n;
};

const countListeners = () =>
  process.eventNames().reduce((sum, event) => sum + process.listenerCount(event), 0);

async function sample() {
  /* Finalizers take turns of their own, and may let go of more. */
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await turn();
  }
  const { nodes, edges, effects, tasks, transactions, queued, bytes } = engine().counters;
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const kernel = bytes;
  const fault = checkEngine();
  if (fault !== undefined) faults.push(`an invariant of the kernel does not hold: ${fault}`);
  const handles = process.getActiveResourcesInfo().length;
  return {
    ...{ rss, heap: heapUsed, external: external + arrayBuffers, kernel, nodes, edges, effects },
    ...{ tasks, transactions, queued, handles, listeners: countListeners() },
  };
}

/* The pipe to whoever started this becomes a handle with the first line. */
print({ told: "begins" });

const { round } = scenarios[name]();
const kept = [];
let rounds = 0;

async function play() {
  rounds++;
  await round(random, rounds);
  if (leak !== undefined) kept.push(new Array(2000).fill(rounds));
}

/**
 * Warms up, and then plays equally many rounds before each sample: as many as the warm-up has shown to fit.
 * A round that fails is the end.
 */
async function soak() {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  while (elapsed() < seconds * WARM_UP || rounds < 3) await play();
  const each = Math.ceil((rounds * (1 - WARM_UP)) / WARM_UP / SAMPLES);
  const samples = [await sample()];
  let told = elapsed();
  while (samples.length < SAMPLES) {
    for (let i = 0; i < each; i++) await play();
    samples.push(await sample());
    if (elapsed() - told < PROGRESS_SECONDS) continue;
    told = elapsed();
    print({ told: `${rounds} rounds, ${(samples.at(-1).rss / 2 ** 20).toFixed(1)} MiB` });
  }
  return samples;
}

try {
  const samples = await soak();
  print({ samples, rounds, faults: faults.slice(0, 20), engine: engine().kind });
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
