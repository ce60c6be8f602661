/**
 * The public types of the descriptor forms.
 */
import type { Awaitable, FromPromiseOptions, ResourceContext, ResourceOptions } from "./types.js";

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
export interface AutoResourceDescriptor<S, T, E = unknown> extends ResourceOptions<T, E> {
  readonly trigger?: "auto" | undefined;
  /** Tracked; its result is the input of the run. Without it the input is undefined. */
  readonly input?: (() => S) | undefined;
  /** Tracked as well; the results do not matter. */
  readonly observe?: Observed | undefined;
  /** Called with the input of each run. What it reads is not tracked. */
  readonly run: (input: S, context: ResourceContext) => Awaitable<T>;
}

/** A resource that runs when it is told to: `meta.run(input)`. */
export interface ManualResourceDescriptor<I, T, E = unknown> extends ResourceOptions<T, E> {
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
