/**
 * The public types of the hooks that show cells.
 */
import type {
  AsyncMeta,
  AsyncState,
  AsyncStatus,
  StreamAsyncMeta,
} from "../async-runtime/index.js";

export type { ResourceSource, StreamSource } from "../async-runtime/index.js";

/** Where a resource stands, and what can be done with it. The same object until something changes. */
export interface ResourceView<T, E = unknown, I = never>
  extends AsyncState<T, E, AsyncStatus>,
    Pick<AsyncMeta<E, T, I>, "reload" | "run" | "cancel" | "mutate"> {}

/** A resource that has a value to show. */
export interface ReadyResourceView<T, E = unknown, I = never> extends ResourceView<T, E, I> {
  readonly value: T;
}

/** Where a stream stands, and what can be done with it. The same object until something changes. */
export interface StreamResourceView<T, E = unknown>
  extends AsyncState<T, E>,
    Pick<StreamAsyncMeta<E, T>, "reload" | "cancel"> {
  /** The last value that `done` committed. */
  readonly stableValue: T | undefined;
}

/** A stream that has a value to show. */
export interface ReadyStreamResourceView<T, E = unknown> extends StreamResourceView<T, E> {
  readonly value: T;
}

/** Options of {@link useResource} and {@link useStreamResource}. */
export interface ResourceHookOptions {
  /**
   * Whether to suspend until there is a value to show, and to throw the error to the next error
   * boundary. A previous value is shown while the next one is pending. Default false.
   */
  readonly suspense?: boolean | undefined;
}
