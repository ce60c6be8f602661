/**
 * The statements A1 to A14 and T1 to T7 under random programs. SK_SIMULATION_RUNS sets how many,
 * SK_SIMULATION_SEED where they begin, SK_SIMULATION_SECONDS goes on for that long instead;
 * SK_SIMULATION_REPLAY runs the program of a file.
 */
import { expect, test } from "vitest";
import { uncaughtDuring } from "../async/support.js";
import { generate, parse } from "./program.js";
import { Random } from "./random.js";
import { report, simulate } from "./simulate.js";

const GIVEN = process.env.SK_SIMULATION_SEED;
const REPLAY = process.env.SK_SIMULATION_REPLAY;
const SECONDS = Number(process.env.SK_SIMULATION_SECONDS ?? 0);
/* Fixed, so that a run says something about the change and not about luck. */
const FIRST = Number(GIVEN ?? 7);
const RUNS = Number(process.env.SK_SIMULATION_RUNS ?? (GIVEN === undefined ? 1000 : 1));
const PROGRESS_MS = 5000;

const counts = new Map<string, number>();
const many = (count: number) => count.toLocaleString("en");

/** Runs programs until `isOver`. Returns how many. */
async function runFrom(first: number, isOver: (runs: number) => boolean): Promise<number> {
  let told = performance.now();
  let steps = 0;
  let runs = 0;
  for (; !isOver(runs); runs++) {
    const seed = first + runs;
    const program = generate(new Random(seed));
    const failure = await simulate(program, { counts });
    if (failure !== null)
      throw new Error(`SK_SIMULATION_SEED=${seed}: ${await report(program, failure)}`);
    steps += program.length;
    if (SECONDS === 0 || performance.now() - told < PROGRESS_MS) continue;
    told = performance.now();
    console.log(`simulate: ${many(runs + 1)} programs, ${many(steps)} steps, at seed ${seed}`);
  }
  if (SECONDS > 0) {
    console.log(`simulate: ${many(runs)} programs, ${many(steps)} steps; nothing found`);
    for (const [name, count] of counts) console.log(`simulate:   ${many(count)} ${name}`);
  }
  return runs;
}

/** The text of a file; only Node has files. */
const textOf = (path: string) => process.getBuiltinModule("node:fs").readFileSync(path, "utf8");

test(`every statement holds after each step of random programs (from seed ${FIRST})`, async () => {
  const began = performance.now();
  const isOver = (runs: number) =>
    SECONDS > 0 ? performance.now() - began > SECONDS * 1000 : runs >= RUNS;
  let runs = 0;
  const uncaught = await uncaughtDuring(async () => {
    if (REPLAY === undefined) runs = await runFrom(FIRST, isOver);
    else expect(await simulate(parse(textOf(REPLAY)))).toBe(null);
  });
  expect(uncaught).toEqual([]);
  if (runs < 300) return;
  /* All of it is really tried: what nobody reaches holds always. */
  for (const [name, count] of counts) expect(count, name).toBeGreaterThan(0);
}, 86_400_000);
