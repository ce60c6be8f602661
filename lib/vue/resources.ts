/**
 * The composables that show cells.
 */
import { toRaw, toValue } from "vue";
import type { AsyncMeta, AsyncState, StreamAsyncMeta } from "../async-runtime/index.js";
import { type CellKind, requireMeta } from "../async-runtime/meta.js";
import { derivedRef } from "./bridge.js";
import type {
  CellRefs,
  ResourceRefs,
  ResourceSource,
  StreamResourceRefs,
  StreamSource,
  Switchable,
} from "./types.js";

/**
 * What tells and does things: the second of a pair, or the cell itself. Handles have private fields,
 * so one that lies in reactive state is taken out of its proxy.
 */
function metaOf<M extends object>(switchable: Switchable<unknown>, kind: CellKind): M {
  const source = toRaw(toValue(switchable));
  return requireMeta(toRaw(Array.isArray(source) ? source[1] : source), kind);
}

function refsOf<T, E, S>(
  name: string,
  meta: () => { readonly state: () => AsyncState<T, E, S> },
): CellRefs<T, E, S> {
  /* Each by itself, and not a part of the first: who shows the status is not told of a value. */
  const part = <K extends keyof AsyncState<T, E, S>>(key: K) =>
    derivedRef(name, () => meta().state()[key]);
  return {
    state: derivedRef(name, () => meta().state()),
    value: part("value"),
    status: part("status"),
    error: part("error"),
    refreshing: part("refreshing"),
    stale: part("stale"),
  };
}

/**
 * Refs of where a resource stands. Value, status and error are always of one outcome, also for a watcher
 * with `flush: "sync"`.
 *
 * @param resource What `createResource`, `asyncSignal`, `asyncComputed` or `fromPromise` has made; or a
 *   ref or function of it, when it may be switched.
 * @returns `{ state, value, status, error, refreshing, stale }`, read-only refs, and `reload`, `run`,
 *   `cancel`, `mutate`, `promise` of the resource that is shown.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is no resource; SignalKernelError
 *   (`ERR_SK_NO_SCOPE`) outside of `setup()` and all effect scopes.
 * @example
 * const { value: user, status, promise } = useResource(createResource(id.get, loadUser));
 * onServerPrefetch(promise);
 */
export function useResource<T, E = unknown, I = never>(
  resource: Switchable<ResourceSource<T, E, I>>,
): ResourceRefs<T, E, I> {
  const meta = () => metaOf<AsyncMeta<E, T, I>>(resource, "resource");
  meta();
  return {
    ...refsOf("useResource", meta),
    reload: () => meta().reload(),
    run: (input) => meta().run(input),
    cancel: (reason) => meta().cancel(reason),
    mutate: ((...args: Parameters<AsyncMeta<E, T, I>["mutate"]>) =>
      meta().mutate(...args)) as AsyncMeta<E, T, I>["mutate"],
    promise: () => meta().promise(),
  };
}

/**
 * Refs of where a stream stands, chunk by chunk.
 *
 * @param resource What `createStreamResource` has made; or a ref or function of it, when it may be
 *   switched.
 * @returns `{ state, value, stableValue, status, error, refreshing, stale }`, read-only refs, and
 *   `reload`, `cancel`, `promise` of the stream that is shown.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is no stream; SignalKernelError
 *   (`ERR_SK_NO_SCOPE`) outside of `setup()` and all effect scopes.
 * @example
 * const { value: text, status } = useStreamResource(createStreamResource(prompt.get, ask));
 */
export function useStreamResource<T, E = unknown, C = unknown>(
  resource: Switchable<StreamSource<T, E, C>>,
): StreamResourceRefs<T, E> {
  const meta = () => metaOf<StreamAsyncMeta<E, T>>(resource, "stream");
  meta();
  return {
    ...refsOf("useStreamResource", meta),
    stableValue: derivedRef("useStreamResource", () => meta().stableValue()),
    reload: () => meta().reload(),
    cancel: (reason) => meta().cancel(reason),
    promise: () => meta().promise(),
  };
}
