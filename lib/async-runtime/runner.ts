/**
 * Cells that run when they are told to.
 */
import { addCleanup, invalidArgument } from "#engine";
import { hasOption, ownOption } from "../core/options.js";
import { concurrencyOf, type Order, orderOf, startNow } from "./concurrency.js";
import type { Control } from "./mutate.js";
import { booleanOption, functionOption, optionsOf } from "./options.js";
import type { FromPromiseDescriptor } from "./resource-types.js";
import { type Job, jobOn, SingleCell } from "./single-cell.js";
import type { Awaitable, ResourceContext } from "./types.js";

/** Makes the value of a run: of an input, or without one. */
type Producer<T> =
  | ((context: ResourceContext) => Awaitable<T>)
  | ((input: unknown, context: ResourceContext) => Awaitable<T>);

/** A cell under the control of its `run`. */
export class Runner<T, E> implements Control<T> {
  readonly cell: SingleCell<T, E>;
  private readonly producer: Producer<T>;
  /** Of the function form every run is the same job. */
  private readonly takesInput: boolean;
  private readonly order: Order<T> | null;
  /** What `reload` repeats. */
  private latest: Job<T> | null;

  /** `first`: the job that `reload` repeats before there was a run, and that the cell starts with if `eager`. */
  constructor(
    options: object,
    producer: Producer<T>,
    takesInput: boolean,
    first: Job<T> | null,
    eager: boolean,
  ) {
    const policy = concurrencyOf(options);
    this.cell = new SingleCell<T, E>(options, eager);
    this.producer = producer;
    this.takesInput = takesInput;
    this.order = orderOf(this.cell, policy);
    this.latest = first;
    addCleanup(this.cell.whole);
    if (eager) this.cell.start(first ?? this.jobOf(undefined), "superseded");
  }

  run(input: unknown): Promise<T | undefined> {
    return this.perform(this.jobOf(input), true);
  }

  reload(): Promise<T | undefined> {
    if (this.latest === null && this.takesInput) return Promise.resolve(undefined);
    return this.perform(this.latest ?? this.jobOf(undefined), false);
  }

  jobOf(input: unknown): Job<T> {
    if (this.takesInput) return jobOn(this.producer as Parameters<typeof jobOn<T>>[0], input);
    this.latest ??= { input: undefined, call: this.producer as Job<T>["call"] };
    return this.latest;
  }

  perform(job: Job<T>, repeats: boolean): Promise<T | undefined> {
    const { order } = this;
    if (order !== null && !order.accepts()) return Promise.resolve(undefined);
    const { input, call, layer } = job;
    if (repeats) this.latest = layer === undefined ? job : { input, call };
    return order === null ? startNow(this.cell, job) : order.start(job);
  }
}

/** The runner of a descriptor with `run`. */
export function runnerOfDescriptor<T, E>(descriptor: object): Runner<T, E> {
  const run = functionOption<FromPromiseDescriptor<unknown, T, E>["run"]>(descriptor, "run");
  if (run === undefined) throw invalidArgument("run", "a function", undefined);
  const initial = hasOption(descriptor, "initialInput")
    ? jobOn<T>(run, ownOption(descriptor, "initialInput"))
    : null;
  const eager = booleanOption(descriptor, "eager", false);
  return new Runner(descriptor, run, true, initial, eager && initial !== null);
}

/** The runner of either form. */
export function runnerOf<T, E>(first: unknown, given: unknown): Runner<T, E> {
  if (typeof first === "function") {
    const options = optionsOf(given);
    const eager = booleanOption(options, "eager", true);
    const makePromise = first as (context: ResourceContext) => Awaitable<T>;
    return new Runner(options, makePromise, false, null, eager);
  }
  if (typeof first === "object" && first !== null) return runnerOfDescriptor(first);
  throw invalidArgument("makePromise", "a function or a descriptor with run", first);
}
