import { cellHandle } from "./handle.js";
import type { FromPromiseDescriptor } from "./resource-types.js";
import { runnerOf } from "./runner.js";
import type {
  Awaitable,
  FromPromiseOptions,
  ResourceContext,
  RunnableAsyncSignal,
} from "./types.js";

/**
 * Makes an async function into state: what it resolves with, where it stands, and what it failed
 * with. Only the newest run can become visible, in whatever order the promises settle.
 *
 * @param makePromise Called at once (unless `eager: false`) and at each `reload()`, with
 *   `{ signal, token }`. What it reads is not tracked.
 * @param options Callbacks; `eager`; `keepPreviousValueOnPending`.
 * @returns `{ value, status, error, run, reload, cancel }`. Created inside an effect, it is disposed
 *   with that effect's run.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const user = fromPromise(async ({ signal }) => {
 *   const response = await fetch("/api/user", { signal });
 *   return response.json();
 * });
 * createEffect(() => console.log(user.status(), user.value()));
 */
export function fromPromise<T, E = unknown>(
  makePromise: (context: ResourceContext) => Awaitable<T>,
  options?: FromPromiseOptions<T, E>,
): RunnableAsyncSignal<void, T, E>;
/**
 * The form with an input: runs on `run(input)`.
 *
 * @param descriptor `{ run }` and options. Nothing runs at first, unless it has `eager: true` and an
 *   `initialInput`.
 * @example
 * const save = fromPromise({ run: (draft, { signal }) => post("/api/save", draft, signal) });
 * await save.run({ title: "Hello" });
 */
export function fromPromise<I, T, E = unknown>(
  descriptor: FromPromiseDescriptor<I, T, E>,
): RunnableAsyncSignal<I, T, E>;
export function fromPromise<T, E>(
  first: unknown,
  options?: unknown,
): RunnableAsyncSignal<unknown, T, E> {
  return cellHandle(runnerOf<T, E>(first, options));
}
