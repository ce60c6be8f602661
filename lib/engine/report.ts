/**
 * Where errors go that have no caller: to the flush under way, else to the process.
 */

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

/**
 * Reports an error as an uncaught exception, after the code that is running now.
 *
 * @param error What was thrown; rethrown as it is.
 */
export function reportUncaught(error: unknown): void {
  enqueue(() => {
    throw error;
  });
}

/** Errors of the flush under way. */
let collected: unknown[] = [];

/** Adds an error to those that the flush under way will throw. */
export function report(error: unknown): void {
  collected.push(error);
}

/** Whether there are any. */
export function hasErrors(): boolean {
  return collected.length > 0;
}

/** The errors so far; the list starts anew. */
export function takeErrors(): unknown[] {
  const errors = collected;
  collected = [];
  return errors;
}

/** Throws one error as it is, several together. */
export function throwAll(errors: readonly unknown[], message: string): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, message);
}
