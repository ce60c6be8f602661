/**
 * The public types of the composables that show cells.
 */
import type { MaybeRefOrGetter } from "vue";
import type {
  AsyncMeta,
  AsyncState,
  AsyncStatus,
  StreamAsyncMeta,
  StreamAsyncStatus,
} from "../async-runtime/index.js";
import type { ReadonlyRef } from "./bridge.js";

export type { ResourceSource, StreamSource } from "../async-runtime/index.js";

/** A source that may be switched: itself, a ref of it, or a function that returns it. */
export type Switchable<S> = MaybeRefOrGetter<S>;

/** Refs of where a cell stands; all of them are of one outcome whenever they are read. */
export interface CellRefs<T, E = unknown, S = StreamAsyncStatus> {
  /** All of it as one record, of which the others are the parts. */
  readonly state: ReadonlyRef<AsyncState<T, E, S>>;
  readonly value: ReadonlyRef<T | undefined>;
  readonly status: ReadonlyRef<S>;
  readonly error: ReadonlyRef<E | undefined>;
  /** A run is in flight while there is a value to show. */
  readonly refreshing: ReadonlyRef<boolean>;
  /** The value is not of the newest run. */
  readonly stale: ReadonlyRef<boolean>;
}

/** Refs of a resource, and what can be done with it. */
export interface ResourceRefs<T, E = unknown, I = never>
  extends CellRefs<T, E, AsyncStatus>,
    Pick<AsyncMeta<E, T, I>, "reload" | "run" | "cancel" | "mutate" | "promise"> {}

/** Refs of a stream, and what can be done with it. */
export interface StreamResourceRefs<T, E = unknown>
  extends CellRefs<T, E>,
    Pick<StreamAsyncMeta<E, T>, "reload" | "cancel" | "promise"> {
  /** The last value that `done` committed. */
  readonly stableValue: ReadonlyRef<T | undefined>;
}
