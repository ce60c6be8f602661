/**
 * The public types that every kind of cell shares.
 */

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

/** Options of `fromPromise` and `asyncSignal`. */
export interface FromPromiseOptions<T = unknown, E = unknown> extends AsyncCallbacks<T, E> {
  /**
   * Whether a run starts at once. Default true, and false for the `{ run }` form, which also needs
   * an `initialInput` to start with.
   */
  readonly eager?: boolean | undefined;
  /** Whether the value stays while a new run is pending (default), or is undefined until success. */
  readonly keepPreviousValueOnPending?: boolean | undefined;
}

/** Options of `createResource`. */
export interface ResourceOptions<T = unknown, E = unknown> extends FromPromiseOptions<T, E> {}

/** A cell that holds the outcome of its newest run. Every method works detached. */
export interface AsyncSignal<T, E = unknown> {
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
  /** Ends the cell: it never runs or changes again, and its kernel slot is free. */
  readonly dispose: () => void;
}

/** A cell that runs on an input. */
export interface RunnableAsyncSignal<I, T, E = unknown> extends AsyncSignal<T, E> {
  /** Runs on `input`; like `reload`, which repeats the latest input and does nothing before one. */
  readonly run: (input: I) => Promise<T | undefined>;
}

/** What stands beside the value of an async signal or resource. Every method works detached. */
export interface AsyncMeta<E = unknown, T = unknown, I = never> {
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
  /** Ends the cell: it never runs or changes again, and its kernel slot is free. */
  readonly dispose: () => void;
}
