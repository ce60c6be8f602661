/**
 * The hooks that show cells.
 */
import { useMemo } from "react";
import type {
  AsyncMeta,
  AsyncState,
  AsyncStatus,
  StreamAsyncMeta,
} from "../async-runtime/index.js";
import { type CellKind, requireMeta } from "../async-runtime/meta.js";
import { suspendUntilReady } from "./suspense.js";
import type {
  ReadyResourceView,
  ReadyStreamResourceView,
  ResourceHookOptions,
  ResourceSource,
  ResourceView,
  StreamResourceView,
  StreamSource,
} from "./types.js";
import { createView, useView, type View } from "./view.js";

type Single<T, E, I> = Pick<
  AsyncMeta<E, T, I>,
  "state" | "promise" | "reload" | "run" | "cancel" | "mutate"
>;

/** What tells and does things: the second of a pair, or the cell itself. */
function metaOf<M extends object>(source: unknown, kind: CellKind): M {
  return requireMeta(Array.isArray(source) ? source[1] : source, kind);
}

/** What is shown, and the record that it was made of. */
interface Shown<S, V> {
  readonly state: S;
  readonly view: V;
}

function viewOfSingle<T, E, I>(
  meta: Single<T, E, I>,
): View<Shown<AsyncState<T, E, AsyncStatus>, ResourceView<T, E, I>>> {
  const { reload, run, cancel, mutate } = meta;
  const read = () => {
    const state = meta.state();
    return { state, view: Object.freeze({ ...state, reload, run, cancel, mutate }) };
  };
  return createView(read, null);
}

function viewOfStream<T, E>(
  meta: StreamAsyncMeta<E, T>,
): View<Shown<AsyncState<T, E>, StreamResourceView<T, E>>> {
  const { reload, cancel } = meta;
  const read = () => {
    const state = meta.state();
    const stableValue = meta.stableValue();
    return { state, view: Object.freeze({ ...state, stableValue, reload, cancel }) };
  };
  return createView(read, null);
}

/**
 * Shows where a resource stands: one record, so that value, status and error are always of one outcome.
 *
 * Resources are created outside of components, whose renders may be repeated and dropped.
 *
 * @param resource What `createResource`, `asyncSignal`, `asyncComputed` or `fromPromise` has made. May
 *   be another one at each render.
 * @param options `suspense`: suspends until there is a value, and throws the error.
 * @returns `{ value, status, error, refreshing, stale, version, updatedAt }` and `reload`, `run`,
 *   `cancel`, `mutate`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is no resource. With `suspense` the resource's error,
 *   or the reason for which it was cancelled before it had a value.
 * @example
 * const user = createResource(id.get, loadUser);
 * function Profile() {
 *   const { value, error, refreshing, reload } = useResource(user);
 *   if (error) return <button onClick={reload}>Again</button>;
 *   return <p className={refreshing ? "dim" : ""}>{value?.name ?? "..."}</p>;
 * }
 */
export function useResource<T, E = unknown, I = never>(
  resource: ResourceSource<T, E, I>,
  options: ResourceHookOptions & { readonly suspense: true },
): ReadyResourceView<T, E, I>;
export function useResource<T, E = unknown, I = never>(
  resource: ResourceSource<T, E, I>,
  options?: ResourceHookOptions,
): ResourceView<T, E, I>;
export function useResource<T, E, I>(
  resource: ResourceSource<T, E, I>,
  options?: ResourceHookOptions,
): ResourceView<T, E, I> {
  const meta = metaOf<Single<T, E, I>>(resource, "resource");
  const { state, view } = useView(useMemo(() => viewOfSingle(meta), [meta]));
  if (options?.suspense === true) suspendUntilReady(meta, state);
  return view;
}

/**
 * Shows where a stream stands, chunk by chunk.
 *
 * @param resource What `createStreamResource` has made. May be another one at each render.
 * @param options `suspense`: suspends until there is a value, the first chunk's, and throws the error.
 * @returns `{ value, stableValue, status, error, refreshing, stale, version, updatedAt }` and `reload`,
 *   `cancel`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is no stream. With `suspense` the stream's error, or
 *   the reason for which it was cancelled before it had a value.
 * @example
 * const answer = createStreamResource(prompt.get, ask, { initialValue: "", reduce: append });
 * function Answer() {
 *   const { value, status, cancel } = useStreamResource(answer);
 *   return <p onClick={() => cancel()}>{value}{status === "streaming" && "..."}</p>;
 * }
 */
export function useStreamResource<T, E = unknown, C = unknown>(
  resource: StreamSource<T, E, C>,
  options: ResourceHookOptions & { readonly suspense: true },
): ReadyStreamResourceView<T, E>;
export function useStreamResource<T, E = unknown, C = unknown>(
  resource: StreamSource<T, E, C>,
  options?: ResourceHookOptions,
): StreamResourceView<T, E>;
export function useStreamResource<T, E, C>(
  resource: StreamSource<T, E, C>,
  options?: ResourceHookOptions,
): StreamResourceView<T, E> {
  const meta = metaOf<StreamAsyncMeta<E, T>>(resource, "stream");
  const { state, view } = useView(useMemo(() => viewOfStream(meta), [meta]));
  if (options?.suspense === true) suspendUntilReady(meta, state);
  return view;
}
