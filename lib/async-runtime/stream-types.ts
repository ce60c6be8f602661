/**
 * The public types of stream resources.
 */
import type { Observed, SourceOptions } from "./resource-types.js";
import type { Skip } from "./skip.js";
import type { AsyncStatus, CellOptions, FromPromiseEvent, ResourceContext } from "./types.js";
import type { CellView } from "./view-types.js";

/** Where a stream stands. */
export type StreamAsyncStatus = AsyncStatus | "streaming";

/**
 * What becomes of the visible value when a stream ends early: it stays as far as it came, goes back
 * to the last committed value, or to the initial one.
 */
export type StreamInterruptionPolicy = "keep-partial" | "rollback" | "clear";

/**
 * What a streamer gets beside its input. Every method works detached, and does nothing once the run
 * has ended.
 */
export interface StreamContext<TChunk, TValue> extends ResourceContext {
  /** Adds a chunk to the value, by `reduce`. */
  emit(chunk: TChunk): void;
  /** Replaces the value. */
  set(value: TValue): void;
  /** Completes the run: commits `finalValue`, or without one what was accumulated. */
  done(finalValue?: TValue): void;
  /** Ends the run with an error. */
  fail(error: unknown): void;
  /** Whether the run has ended otherwise than by its own `done` or `fail`. */
  isCancelled(): boolean;
  /**
   * Registers a function to be called once when the run ends, however it ends; the last registered
   * first. After the end it is called at once.
   */
  onCleanup(fn: () => void): void;
}

/** What a streamer may return. Its return completes nothing, `done()` does. */
export type StreamerResult<TChunk> = PromiseLike<unknown> | AsyncIterable<TChunk> | void;

/** Options of `createStreamResource`. */
export interface StreamResourceOptions<TChunk, TValue, E = unknown, S = unknown>
  extends CellOptions<TValue>,
    SourceOptions<S> {
  /** What each run accumulates from, and the value before the first one. */
  readonly initialValue?: TValue | undefined;
  /** Adds a chunk to what the run has accumulated. Without it a chunk replaces the value. */
  readonly reduce?: ((current: TValue | undefined, chunk: TChunk) => TValue) | undefined;
  /** What becomes of the value on cancel and when the source changes. Default "rollback". */
  readonly onCancel?: StreamInterruptionPolicy | undefined;
  /** What becomes of the value on an error. Default "rollback". */
  readonly onError?: StreamInterruptionPolicy | undefined;
  /** Sees every start and every end. */
  readonly onEvent?: ((event: FromPromiseEvent<E>) => void) | undefined;
  /** Called after `done` has committed. */
  readonly onSuccess?: ((value: TValue) => void) | undefined;
  /** Called after an error was committed. */
  readonly onErrorEffect?: ((error: E) => void) | undefined;
  /** Called after a run was cancelled, superseded or disposed. */
  readonly onCancelEffect?: ((reason: unknown) => void) | undefined;
}

/** The descriptor form of `createStreamResource`. */
export interface StreamResourceDescriptor<S, TChunk, TValue, E = unknown>
  extends StreamResourceOptions<TChunk, TValue, E, S> {
  /** Tracked; its result is the input of the run, or `SKIP`. Without it the input is undefined. */
  readonly input?: (() => S | Skip) | undefined;
  /** Tracked as well; the results do not matter. */
  readonly observe?: Observed | undefined;
  /** Called with the input of each run. What it reads is not tracked. */
  readonly stream: (input: S, context: StreamContext<TChunk, TValue>) => StreamerResult<TChunk>;
}

/** What stands beside the value of a stream. Every method works detached. */
export interface StreamAsyncMeta<E = unknown, TValue = unknown, _TChunk = unknown>
  extends CellView<TValue, E, StreamAsyncStatus> {
  /** Where the newest run stands; tracked. */
  readonly status: () => StreamAsyncStatus;
  /** What the newest run failed with; tracked. */
  readonly error: () => E | undefined;
  /** The last value that `done` committed; tracked. */
  readonly stableValue: () => TValue | undefined;
  /** Repeats the latest input. Resolves with the committed value or undefined, never rejects. */
  readonly reload: () => Promise<TValue | undefined>;
  /** Cancels the run in flight. Without a reason the AbortSignal gets an AbortError. */
  readonly cancel: (reason?: unknown) => void;
}
