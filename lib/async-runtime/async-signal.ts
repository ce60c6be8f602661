import { pairOf } from "./handle.js";
import type { FromPromiseDescriptor } from "./resource-types.js";
import { runnerOf } from "./runner.js";
import type { AsyncMeta, Awaitable, FromPromiseOptions, ResourceContext } from "./types.js";

/**
 * The same as `fromPromise`, taken apart: the value, and everything beside it.
 *
 * @param makePromise Called at once (unless `eager: false`) and at each `reload()`, with
 *   `{ signal, token }`. What it reads is not tracked.
 * @param options Callbacks; `eager`; `keepPreviousValueOnPending`.
 * @returns `[value, { status, error, reload, run, cancel, keepPreviousValueOnPending }]`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const [user, meta] = asyncSignal(({ signal }) => loadUser(signal));
 * createEffect(() => {
 *   if (meta.status() === "success") greet(user());
 * });
 */
export function asyncSignal<T, E = unknown>(
  makePromise: (context: ResourceContext) => Awaitable<T>,
  options?: FromPromiseOptions<T, E>,
): [() => T | undefined, AsyncMeta<E, T, void>];
/**
 * The form with an input: runs on `meta.run(input)`.
 *
 * @param descriptor `{ run }` and options. Nothing runs at first, unless it has `eager: true` and an
 *   `initialInput`.
 * @example
 * const [saved, save] = asyncSignal({ run: (draft) => post("/api/save", draft) });
 * await save.run({ title: "Hello" });
 */
export function asyncSignal<I, T, E = unknown>(
  descriptor: FromPromiseDescriptor<I, T, E>,
): [() => T | undefined, AsyncMeta<E, T, I>];
export function asyncSignal<T, E>(
  first: unknown,
  options?: unknown,
): [() => T | undefined, AsyncMeta<E, T, unknown>] {
  return pairOf(runnerOf<T, E>(first, options));
}
