/**
 * Cells that run when they are told to.
 */
import { addCleanup, invalidArgument } from "#engine";
import { hasOption, ownOption } from "../core/options.js";
import { type Concurrency, concurrencyOf, type Perform, performer } from "./concurrency.js";
import type { Control } from "./mutate.js";
import { booleanOption, functionOption, optionsOf } from "./options.js";
import type { FromPromiseDescriptor } from "./resource-types.js";
import { type Job, SingleCell } from "./single-cell.js";
import type { Awaitable, ResourceContext } from "./types.js";

/** A function that makes a job of an input. */
type MakeJob<T> = (input: unknown) => Job<T>;

/** A cell under the control of its `run`. */
export class Runner<T, E> implements Control<T> {
  readonly cell: SingleCell<T, E>;
  readonly jobOf: MakeJob<T>;
  private readonly policy: Concurrency;
  private readonly begin: Perform<T>;
  /** What `reload` repeats. */
  private latest: Job<T> | null;

  /** `first` is the job that the cell starts with, if any. */
  constructor(options: object, jobOf: MakeJob<T>, first: Job<T> | null, repeats: Job<T> | null) {
    const policy = concurrencyOf(options);
    this.cell = new SingleCell<T, E>(options, first !== null);
    this.jobOf = jobOf;
    this.policy = policy;
    this.begin = performer(this.cell, policy);
    this.latest = repeats;
    addCleanup(this.cell.whole);
    if (first !== null) this.cell.start(first, "superseded");
  }

  run(input: unknown): Promise<T | undefined> {
    return this.perform(this.jobOf(input), true);
  }

  reload(): Promise<T | undefined> {
    return this.latest === null ? Promise.resolve(undefined) : this.perform(this.latest, false);
  }

  perform(job: Job<T>, repeats: boolean): Promise<T | undefined> {
    const { input, call, layer } = job;
    const isDropped = this.policy === "drop" && this.cell.isBusy;
    if (repeats && !isDropped) this.latest = layer === undefined ? job : { input, call };
    return this.begin(job);
  }
}

/** The runner of a function form: every run is the same job. */
function runnerOfFunction<T, E>(
  makePromise: (context: ResourceContext) => Awaitable<T>,
  options: object,
): Runner<T, E> {
  const job: Job<T> = { input: undefined, call: makePromise };
  const eager = booleanOption(options, "eager", true);
  return new Runner(options, () => job, eager ? job : null, job);
}

/** The runner of a descriptor with `run`. */
export function runnerOfDescriptor<T, E>(descriptor: object): Runner<T, E> {
  const run = functionOption<FromPromiseDescriptor<unknown, T, E>["run"]>(descriptor, "run");
  if (run === undefined) throw invalidArgument("run", "a function", undefined);
  const makeJob: MakeJob<T> = (input) => ({
    input,
    call: (context) => run(input, context),
  });
  const initial = hasOption(descriptor, "initialInput")
    ? makeJob(ownOption(descriptor, "initialInput"))
    : null;
  const eager = booleanOption(descriptor, "eager", false);
  return new Runner(descriptor, makeJob, eager ? initial : null, initial);
}

/** The runner of either form. */
export function runnerOf<T, E>(first: unknown, options: unknown): Runner<T, E> {
  if (typeof first === "function")
    return runnerOfFunction(
      first as (context: ResourceContext) => Awaitable<T>,
      optionsOf(options),
    );
  if (typeof first === "object" && first !== null) return runnerOfDescriptor(first);
  throw invalidArgument("makePromise", "a function or a descriptor with run", first);
}
