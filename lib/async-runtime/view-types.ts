/**
 * The public types of what every cell can tell beside its value and status.
 */
import type { StreamAsyncStatus } from "./stream-types.js";

/** Where a cell stands. Frozen; the same object as long as nothing in it has changed. */
export interface AsyncState<T, E = unknown, S = StreamAsyncStatus> {
  readonly status: S;
  readonly value: T | undefined;
  readonly error: E | undefined;
  /** A run is in flight while there is a value to show. */
  readonly refreshing: boolean;
  /** The value is not of the newest run: that has not got so far, has failed or was cancelled. */
  readonly stale: boolean;
  /** Token of the run whose success or error committed last; 0 before. */
  readonly version: number;
  /** When that was, in milliseconds since the epoch; undefined before. */
  readonly updatedAt: number | undefined;
}

/** Options of `values` and `toReadableStream`. */
export interface ValuesOptions {
  /** Whether an error of the cell ends it, with that error. Default false: it waits for values. */
  readonly errors?: boolean | undefined;
}

/** Who subscribes to a cell. What the functions throw is reported as uncaught. */
export interface CellObserver<T, E = unknown> {
  /** Takes the present value, if there is one, and each that is committed. */
  readonly next?: ((value: T) => void) | undefined;
  /** Takes the error in which the cell is, and each that is committed; the subscription goes on. */
  readonly error?: ((error: E) => void) | undefined;
  /** Called when the cell is disposed. */
  readonly complete?: (() => void) | undefined;
}

/** What `subscribe` returns. */
export interface CellSubscription {
  readonly unsubscribe: () => void;
  readonly closed: boolean;
}

/**
 * What every cell has beside what published programs know. It is not enumerable: who lists or spreads
 * a handle sees the published members. Every method works detached.
 */
export interface CellView<T, E = unknown, S = StreamAsyncStatus> {
  /** Ends the cell: it never runs or changes again, and its kernel slot is free. */
  readonly dispose: () => void;
  /** The same, for `using`. */
  readonly [Symbol.dispose]: () => void;
  /**
   * The outcome of the newest run: now, or when it is there; of the next one when there was none.
   * Rejects with its error, or with the reason for which it was cancelled. Not to look at the
   * rejection is no error.
   *
   * @example
   * const user = await meta.promise();
   */
  readonly promise: () => Promise<T>;
  /** Token of the run whose success or error committed last, 0 before; tracked. */
  readonly version: () => number;
  /**
   * Where the cell stands, as one record; tracked.
   *
   * @example
   * const { value, stale, updatedAt } = meta.state();
   */
  readonly state: () => AsyncState<T, E, S>;
  /**
   * The present value, if there is one, and then each that is committed; optimistic values and the
   * chunks of a stream are not. To who is slow only the latest is given. Ends when the cell is
   * disposed.
   *
   * @example
   * for await (const user of meta.values()) show(user);
   */
  readonly values: (options?: ValuesOptions) => AsyncIterableIterator<T>;
  /** The same as `values()`. */
  readonly [Symbol.asyncIterator]: () => AsyncIterableIterator<T>;
  /** The same as a stream, which takes a value when it is read and none ahead. */
  readonly toReadableStream: (options?: ValuesOptions) => ReadableStream<T>;
  /**
   * Calls an observer, or a function with each value, until it is unsubscribed or the effect in which
   * it was subscribed ends. Also found under `Symbol.observable`, by libraries of observables.
   *
   * @example
   * const { unsubscribe } = meta.subscribe({ next: show, error: report });
   */
  readonly subscribe: (observer: CellObserver<T, E> | ((value: T) => void)) => CellSubscription;
}
