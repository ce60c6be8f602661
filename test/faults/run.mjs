/**
 * Runs one scenario again and again on an engine for tests, and refuses the first, the second, the third
 * ... request for memory, until there is none left to refuse; then once more, with all that follow refused
 * as well. Prints, as JSON, how many were refused.
 *
 * Whatever was refused: the call that needed it says so with a typed error, the kernel is sound, what was
 * there before is there still, the same step made again succeeds, and what effects saw in the end is what
 * they see when memory is never short.
 */
import assert from "node:assert/strict";
import { load } from "./load.mjs";
import { scenarios } from "./scenarios.mjs";

/** What was reported because nobody could be told. */
const reported = [];
process.on("uncaughtException", (error) => reported.push(error));

/** All turns of the event loop that are short: promises, and the slices of background work. */
async function settle() {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

function flatten(error) {
  return error instanceof AggregateError ? error.errors.flatMap(flatten) : [error];
}

/** Every error there was must be that of memory. */
function mustBeTyped(error) {
  for (const each of flatten(error)) {
    assert.equal(each?.code, "ERR_SK_OUT_OF_MEMORY", `not typed: ${each?.stack ?? String(each)}`);
    assert.equal(each.name, "OutOfMemoryError");
  }
}

/** Plays the scenario; null when nothing was refused, else what it all came to. */
async function play(create, nth, andLater) {
  const api = load();
  const log = [];
  const { steps, state, isRepeatable = true } = create(api, log);
  let failures = 0;
  api.refuse(nth, andLater);
  for (const [at, step] of steps.entries()) {
    for (let tries = 0; ; tries++) {
      assert.ok(tries < 4, `step ${at} does not succeed again`);
      const before = state();
      let error;
      try {
        await step();
        await settle();
        error = reported.shift();
        if (error === undefined) break;
      } catch (thrown) {
        error = thrown;
        await settle();
      }
      failures++;
      mustBeTyped(error);
      for (const other of reported.splice(0)) mustBeTyped(other);
      assert.equal(api.checkEngine(), undefined, `step ${at}`);
      /* Those that follow were refused in the same step; from here on there is memory. */
      api.refuse(0, false);
      step.verify?.(before);
      if (step.again !== undefined) {
        await step.again();
        break;
      }
    }
    assert.equal(api.checkEngine(), undefined, `step ${at}`);
  }
  const requests = api.refuse(0, false);
  await settle();
  api.flushSync();
  assert.deepEqual(reported.splice(0), []);
  return { failures, requests, log, state: isRepeatable ? state() : null };
}

async function main(name) {
  const create = scenarios[name];
  assert.ok(create, `There is no scenario ${name}`);
  const expected = await play(create, 0, false);
  assert.equal(expected.failures, 0);
  /* A scenario that asks for no memory would test nothing. */
  assert.ok(expected.requests > 8, `only ${expected.requests} requests for memory`);
  let refused = 0;
  for (const andLater of [false, true]) {
    for (let nth = 1; nth <= expected.requests; nth++) {
      const what = `${name}, request ${nth} refused${andLater ? ", and all later ones" : ""}`;
      try {
        const { failures, log, state } = await play(create, nth, andLater);
        refused += failures > 0 ? 1 : 0;
        assert.deepEqual(state, expected.state);
        assert.deepEqual(log.at(-1), expected.log.at(-1));
      } catch (error) {
        throw new Error(`${what}: ${error.message}`, { cause: error });
      }
    }
  }
  assert.equal(refused, 2 * expected.requests);
  return { requests: expected.requests, refused };
}

main(process.argv[2]).then(
  (result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    process.exit(0);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
