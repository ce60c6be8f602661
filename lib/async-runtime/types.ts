/**
 * The public types that every kind of cell shares.
 */
import type { EqualsOption, Priority } from "../core/index.js";
import type { Concurrency } from "./concurrency.js";
import type { AsyncGroup } from "./group.js";
import type { RetryOptions } from "./retry.js";
import type { CellView } from "./view-types.js";

/** Where a single-shot cell stands. */
export type AsyncStatus = "idle" | "pending" | "success" | "error" | "cancelled";

/** What a producer gets beside its input. Take it apart as you like: nothing needs `this`. */
export interface ResourceContext {
  /**
   * Aborted, with the reason, the moment this run is superseded, cancelled or disposed. It is made
   * when it is first read: a producer that has no use for it does not pay for it.
   */
  readonly signal: AbortSignal;
  /** Number of this run of its cell: 1, 2, 3 and so on. */
  readonly token: number;
}

/** What a producer may return: a value, or a promise or other thenable of one. */
export type Awaitable<T> = T | PromiseLike<T>;

interface EventBase {
  /** Number of the run. */
  readonly token: number;
  /** Milliseconds since the epoch. */
  readonly ts: number;
}

/** What `onEvent` sees: the start of each run, and then exactly one of the other three. */
export type FromPromiseEvent<E = unknown> =
  | (EventBase & { readonly type: "start" })
  | (EventBase & { readonly type: "success" })
  | (EventBase & { readonly type: "error"; readonly error: E })
  | (EventBase & { readonly type: "cancel"; readonly reason: unknown });

/** Callbacks of a cell. What they read is not tracked; what they throw is reported as uncaught. */
export interface AsyncCallbacks<T = unknown, E = unknown> {
  /** Sees every start and every end, before the callback for that end. */
  readonly onEvent?: ((event: FromPromiseEvent<E>) => void) | undefined;
  /** Called after a value was committed. */
  readonly onSuccess?: ((value: T) => void) | undefined;
  /** Called after an error was committed. */
  readonly onError?: ((error: E) => void) | undefined;
  /** Called after a run was cancelled, superseded or disposed. */
  readonly onCancel?: ((reason: unknown) => void) | undefined;
}

/** Options that every kind of cell has. */
export interface CellOptions<T = unknown> {
  /**
   * How a new value is compared with the old one. Default: `Object.is`. One that compares equal is
   * committed, and readers of the value do not run for it. It is not asked about undefined.
   */
  readonly equals?: EqualsOption<T> | undefined;
  /** For error messages and inspection. */
  readonly name?: string | undefined;
  /**
   * Milliseconds that a run may take. One that takes longer fails with a DOMException named
   * TimeoutError, and its AbortSignal is aborted with that. With `retry` it is the time of one attempt.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How often a run that fails calls its producer again, or how: see `RetryOptions`. Default not at
   * all. All attempts are one run, with one token, one start and one end.
   */
  readonly retry?: number | RetryOptions | undefined;
  /**
   * When an outcome becomes visible. Later than "normal", it waits for its turn among the effects that
   * are due: background outcomes never delay what is urgent. Default "normal": at once.
   */
  readonly priority?: Priority | undefined;
  /** The cells with which this one commits: see `createAsyncGroup`. */
  readonly group?: AsyncGroup | undefined;
}

/** Options that every single-shot cell has. */
export interface SingleOptions<T = unknown, E = unknown>
  extends AsyncCallbacks<T, E>,
    CellOptions<T> {
  /** Whether the value stays while a new run is pending (default), or is as it was at first. */
  readonly keepPreviousValueOnPending?: boolean | undefined;
  /** The value before the first success. */
  readonly initialValue?: T | undefined;
}

/** Options of `fromPromise` and `asyncSignal`. */
export interface FromPromiseOptions<T = unknown, E = unknown> extends SingleOptions<T, E> {
  /**
   * Whether a run starts at once. Default true, and false for the `{ run }` form, which also needs
   * an `initialInput` to start with.
   */
  readonly eager?: boolean | undefined;
  /**
   * What becomes of a run that is asked for while another is in flight. "latest" (default) supersedes
   * the other; "queue" waits for it, until `cancel`; "drop" does nothing and resolves with undefined;
   * "parallel" runs beside it, and commits unless a newer run has committed before.
   */
  readonly concurrency?: Concurrency | undefined;
}

/* Methods: a meta of numbers is one of anything, and that would fail for functions that take T. */
type Update<T> = { of(previous: T | undefined): T }["of"];
type UpdateFor<T, I> = { of(previous: T | undefined, input: I): T }["of"];

/**
 * Runs a single-shot cell and shows a value before the run has ended. The outcome of the run replaces
 * it; when the run fails, is cancelled or superseded, it is taken back. Of several that overlap each
 * goes by its own run, in whatever order those end.
 *
 * @returns What `run` returns: a promise of the value, or of undefined; it never rejects.
 * @throws What a function that makes the value throws at its first call; nothing is started then.
 */
export interface Mutate<T, I> {
  /**
   * Runs on an input.
   *
   * @param options `optimistic`: the value, or a function of the shown value and the input. It may be
   *   called again, on another value, and so must be pure.
   * @example
   * await todos.mutate(todo, { optimistic: (list = [], todo) => [...list, todo] });
   */
  mutate(input: I, options: { readonly optimistic: T | UpdateFor<T, I> }): Promise<T | undefined>;
  /**
   * Shows a value, or what a function makes of the shown one, and makes it true.
   *
   * @param options `run`: what makes it true; called as a producer. Without it the value itself is
   *   committed. `reload` does not repeat it.
   * @example
   * await meta.mutate((user = nobody) => ({ ...user, name }), { run: ({ signal }) => rename(name, signal) });
   */
  mutate(
    value: T | Update<T>,
    options?: { readonly run?: ((context: ResourceContext) => Awaitable<T>) | undefined },
  ): Promise<T | undefined>;
}

/** A cell that holds the outcome of its newest run. Every method works detached. */
export interface AsyncSignal<T, E = unknown> extends CellView<T, E, AsyncStatus> {
  /** The last value; tracked. */
  readonly value: () => T | undefined;
  /** Where the newest run stands; tracked. */
  readonly status: () => AsyncStatus;
  /** What the newest run failed with; tracked. */
  readonly error: () => E | undefined;
  /**
   * Runs again; a run in flight is superseded. Resolves with the value, or with undefined when the
   * run did not get there. Never rejects.
   */
  readonly reload: () => Promise<T | undefined>;
  /** Cancels the run in flight. Without a reason the AbortSignal gets an AbortError. */
  readonly cancel: (reason?: unknown) => void;
}

/** A cell that runs on an input. */
export interface RunnableAsyncSignal<I, T, E = unknown> extends AsyncSignal<T, E>, Mutate<T, I> {
  /** Runs on `input`; like `reload`, which repeats the latest input and does nothing before one. */
  readonly run: (input: I) => Promise<T | undefined>;
}

/** What stands beside the value of an async signal or resource. Every method works detached. */
export interface AsyncMeta<E = unknown, T = unknown, I = never>
  extends CellView<T, E, AsyncStatus>,
    Mutate<T, I> {
  /** Where the newest run stands; tracked. */
  readonly status: () => AsyncStatus;
  /** What the newest run failed with; tracked. */
  readonly error: () => E | undefined;
  /** Repeats the latest input. Resolves with the value or undefined, never rejects. */
  readonly reload: () => Promise<T | undefined>;
  /** Runs on an input. Resolves with the value or undefined, never rejects. */
  readonly run: (input: I) => Promise<T | undefined>;
  /** Cancels the run in flight. Without a reason the AbortSignal gets an AbortError. */
  readonly cancel: (reason?: unknown) => void;
  /** The option, as it is in force. */
  readonly keepPreviousValueOnPending: boolean;
}
