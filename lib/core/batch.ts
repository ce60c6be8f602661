import * as engine from "#engine";

/**
 * Runs `fn` with effects held back; at the end of the outermost batch those that are due run, once.
 *
 * @param fn Called at once. A promise it returns is not waited for.
 * @returns What `fn` returns.
 * @throws What `fn` throws, after the flush, and what effects throw; several in an AggregateError.
 * @example
 * batch(() => {
 *   first.set("Ada");
 *   last.set("Lovelace");
 * });
 */
export function batch<T>(fn: () => T): T {
  engine.requireFunction("fn", fn);
  return engine.batch(fn);
}

/**
 * Runs `fn` without tracking what it reads.
 *
 * @returns What `fn` returns.
 * @throws What `fn` throws.
 * @example
 * createEffect(() => {
 *   log(query.get(), untracked(() => user.get()));
 * });
 */
export function untracked<T>(fn: () => T): T {
  engine.requireFunction("fn", fn);
  return engine.untracked(fn);
}

/**
 * Runs every effect that is due, now instead of in the microtask. Inside an effect, a computed or a
 * batch it does nothing: the flush that is under way or follows runs them.
 *
 * @throws What an effect throws; an AggregateError when several do.
 * @example
 * count.set(1);
 * flushSync(); // effects of count have run
 */
export function flushSync(): void {
  engine.flushSync();
}
