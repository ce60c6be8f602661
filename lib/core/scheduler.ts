import { invalidArgument, setBudget } from "#engine";
import { ownOption, requireObject } from "./options.js";

/** Options of {@link configureScheduler}. */
export interface SchedulerOptions {
  /**
   * Milliseconds after which background work lets the event loop have its turn. Null, undefined and
   * Infinity: never, as it is from the start.
   */
  budgetMs?: number | null | undefined;
}

/**
 * Divides background work - effects of priority "background", which is 100, and later - into slices.
 *
 * What is due and more urgent runs as ever: at the end of a batch, or in a microtask. Background work
 * follows until the budget is used up, counted from the start of that flush; what is left goes on in
 * turns of the event loop, each of which first runs what has become urgent. `flushSync()` runs all of it
 * at once. The setting is the whole process's (the worker's), and counts from the next flush on.
 *
 * A single effect is never interrupted. docs/scheduling.md has the order of all this, and what is
 * guaranteed.
 *
 * @param options `budgetMs`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is not a number above 0.
 * @example
 * configureScheduler({ budgetMs: 5 });
 * createEffect(() => index(documents.get()), { priority: "background" });
 */
export function configureScheduler(options: SchedulerOptions): void {
  requireObject("options", options);
  const budget = ownOption(options, "budgetMs") ?? Number.POSITIVE_INFINITY;
  if (typeof budget !== "number" || !(budget > 0))
    throw invalidArgument("options.budgetMs", "a number above 0, null or undefined", budget);
  setBudget(budget);
}
