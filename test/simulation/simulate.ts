/**
 * Runs one program, and says what did not hold, and after which step.
 */
import { configureTransactions } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { checkEngine } from "#engine";
import { MODE, type Program, print, type Verb } from "./program.js";
import { shrink } from "./shrink.js";
import { type Fault, Simulation } from "./simulation.js";
import { tally } from "./tally.js";

export interface Failure extends Fault {
  /** Index of the step; the number of steps when it shows at the end. */
  readonly step: number;
}

/** More that must hold after each step; for tests of the simulator. */
export type Checker = (world: Simulation) => Fault | null;

export interface Options {
  readonly checker?: Checker;
  /** How often what is worth knowing has come about, by its name. */
  readonly counts?: Map<string, number>;
}

/** After these nothing is due: what was written has been seen. */
const FLUSHED: ReadonlySet<Verb> = new Set(["wait", "elapse", "batch", "sync", "flush"]);
const QUIET: ReadonlySet<Verb> = new Set(["wait", "elapse"]);

async function play(world: Simulation, program: Program, checker?: Checker): Promise<number> {
  for (const [index, step] of program.entries()) {
    const [verb] = step;
    /* Without an await where none is asked for: then no microtask runs between two steps. */
    const passing = world.step(step);
    if (passing !== undefined) await passing;
    world.check(FLUSHED.has(verb));
    if (QUIET.has(verb)) world.checkQuiet();
    world.fault ??= checker?.(world) ?? null;
    if (world.fault !== null) return index;
  }
  await world.end();
  return program.length;
}

/** What the kernel holds. */
function held(): string {
  const { nodes, edges, effects, tasks, transactions } = engine().counters;
  return JSON.stringify({ nodes, edges, effects, tasks, transactions });
}

async function takeDown(world: Simulation): Promise<void> {
  try {
    await world.dispose();
  } catch {
    /* It is known to be broken. */
  }
}

/** Null when all of it holds. */
export async function simulate(program: Program, options: Options = {}): Promise<Failure | null> {
  const [first] = program;
  const mode = first?.[0] === "mode" ? (first[1] ?? 0) : 0;
  configureTransactions({ asyncContext: (mode & MODE.noContext) === 0 });
  const before = held();
  const world = new Simulation(mode);
  let step = 0;
  try {
    step = await play(world, program, options.checker);
  } catch (error) {
    world.fail("S10", error instanceof Error ? String(error.stack) : String(error));
  } finally {
    if (world.fault !== null) await takeDown(world);
    world.loop.end();
    configureTransactions({ asyncContext: true });
  }
  const damage = checkEngine();
  if (damage !== undefined) world.fail("S12", damage);
  if (held() !== before) world.fail("S13", `the kernel holds ${held()}, before it was ${before}`);
  if (options.counts !== undefined) tally(world, options.counts);
  return world.fault === null ? null : { ...world.fault, step };
}

/** The smallest program that fails as this one does, as a report with a script to be replayed. */
export async function report(
  program: Program,
  failure: Failure,
  options?: Options,
): Promise<string> {
  const fails = async (candidate: Program) =>
    (await simulate(candidate, options))?.statement === failure.statement;
  const small = await shrink(program, fails);
  const { statement, what, step } = (await simulate(small, options)) ?? failure;
  return `${statement} does not hold after line ${Math.min(step + 1, small.length)}: ${what}
# To run it again: put it into a file, and its path into SK_SIMULATION_REPLAY.
${print(small)}`;
}
