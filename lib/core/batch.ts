import {
  flushSync as flushAll,
  flushUpTo,
  requireFunction,
  batch as runBatch,
  untracked as runUntracked,
} from "#engine";
import { ownOption, requireObject } from "./options.js";
import { type Priority, priorityOf } from "./priority.js";

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
  requireFunction("fn", fn);
  return runBatch(fn);
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
  requireFunction("fn", fn);
  return runUntracked(fn);
}

/** Options of {@link flushSync}. */
export interface FlushOptions {
  /** The last priority that runs. Default: everything runs. */
  upTo?: Priority | undefined;
}

/**
 * Runs every effect that is due, now instead of in the microtask, background work that waits for its
 * slice included. Inside an effect, a computed or a batch it does nothing: the flush that is under way or
 * follows runs them.
 *
 * @param options `upTo`: only effects of this priority and more urgent ones. The others stay due, and run
 *   when they would have run without this call.
 * @throws What an effect throws; an AggregateError when several do. TypeError (`ERR_SK_INVALID_ARG`) for
 *   bad arguments.
 * @example
 * count.set(1);
 * flushSync({ upTo: "user-blocking" }); // what the user waits for has run
 * flushSync(); // all effects of count have run
 */
export function flushSync(options?: FlushOptions): void {
  if (options === undefined) return flushAll();
  requireObject("options", options);
  const upTo = ownOption(options, "upTo");
  if (upTo === undefined) flushAll();
  else flushUpTo(priorityOf("options.upTo", upTo));
}
