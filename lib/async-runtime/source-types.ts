/**
 * The public types of what shows a cell takes: the cell itself, or the pair that it is given as.
 */
import type { StreamAsyncMeta } from "./stream-types.js";
import type { AsyncMeta, RunnableAsyncSignal } from "./types.js";

/** What `createResource`, `asyncSignal`, `asyncComputed` or `fromPromise` has made. */
export type ResourceSource<T, E = unknown, I = never> =
  | readonly [value: () => T | undefined, meta: AsyncMeta<E, T, I>]
  | RunnableAsyncSignal<I, T, E>;

/** What `createStreamResource` has made. */
export type StreamSource<T, E = unknown, C = unknown> = readonly [
  value: () => T | undefined,
  meta: StreamAsyncMeta<E, T, C>,
];
