/**
 * The public types of the descriptor forms.
 */
import type { Skip } from "./skip.js";
import type { Awaitable, FromPromiseOptions, ResourceContext, SingleOptions } from "./types.js";

/** Options of a cell that has a source. */
export interface SourceOptions<S = unknown> {
  /**
   * Milliseconds for which a change of the source waits whether another follows. The cell stays as it
   * is meanwhile; then one run starts, on the latest input. The first run is not delayed; `cancel`,
   * `run` and `dispose` drop what waits, and `reload` starts it. The process waits for it.
   */
  readonly debounceMs?: number | undefined;
  /** Whether there is nothing to run on: as if the source had returned `SKIP`. Not tracked. */
  skip?(input: S): boolean;
}

/** Options of a cell that can be polled. */
export interface PollOptions {
  /**
   * Milliseconds from the end of a run, whether it succeeded or failed, to the next one. `cancel` and
   * `dispose` stop it, and a later run goes on with it. It does not keep the process alive.
   */
  readonly pollMs?: number | undefined;
}

/** Options of `createResource`. */
export interface ResourceOptions<T = unknown, E = unknown, S = unknown>
  extends SingleOptions<T, E>,
    SourceOptions<S>,
    PollOptions {
  /** Whether a run starts at once. Default true. */
  readonly eager?: boolean | undefined;
}

/** Functions that are tracked beside an input: a change of what they read starts a new run. */
export type Observed = (() => unknown) | readonly (() => unknown)[];

/** The `{ run }` form of `fromPromise` and `asyncSignal`: runs on an input that is given to it. */
export interface FromPromiseDescriptor<I, T, E = unknown> extends FromPromiseOptions<T, E> {
  /** Called with the input of each run. What it reads is not tracked. */
  readonly run: (input: I, context: ResourceContext) => Awaitable<T>;
  /** What an eager cell starts with; `reload` repeats it. */
  readonly initialInput?: I | undefined;
}

/** A resource that runs by itself: once at creation, and when its input or observed values change. */
export interface AutoResourceDescriptor<S, T, E = unknown> extends ResourceOptions<T, E, S> {
  readonly trigger?: "auto" | undefined;
  /** Tracked; its result is the input of the run, or `SKIP`. Without it the input is undefined. */
  readonly input?: (() => S | Skip) | undefined;
  /** Tracked as well; the results do not matter. */
  readonly observe?: Observed | undefined;
  /** Called with the input of each run. What it reads is not tracked. */
  readonly run: (input: S, context: ResourceContext) => Awaitable<T>;
}

/** A resource that runs when it is told to: `meta.run(input)`. */
export interface ManualResourceDescriptor<I, T, E = unknown>
  extends FromPromiseOptions<T, E>,
    PollOptions {
  readonly trigger: "manual";
  /** Called with the input of each run. What it reads is not tracked. */
  readonly run: (input: I, context: ResourceContext) => Awaitable<T>;
  /** What an eager resource starts with. */
  readonly initialInput?: I | undefined;
  /** What each success makes out of date, after `onSuccess`. */
  readonly invalidates?: Invalidates<I, T> | undefined;
}

/**
 * Something that can be told that it is out of date: a revision, a target of a keyed revision, a
 * keyed revision whose key is the input, or the meta of a resource.
 */
export type InvalidationTarget<I = never> =
  | { invalidate(input: I): unknown }
  | { reload(): unknown };

/** One target, several, or a function of the run's input and value that names them. */
export type Invalidates<I, T> =
  | InvalidationTarget<I>
  | InvalidatesFunction<I, T>
  | readonly (InvalidationTarget<I> | InvalidatesFunction<I, T>)[];

/** Names what one run makes out of date. */
export type InvalidatesFunction<I, T> = (
  input: I,
  value: T,
) => InvalidationTarget<I> | readonly InvalidationTarget<I>[] | undefined | void;
