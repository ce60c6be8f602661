/**
 * Where errors go that have no caller: to the flush under way, else to the process.
 */
import type { ScopeNode } from "./node.js";
import { rt } from "./runtime.js";

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

/** An error of the flush under way, and the scope that owns where it was thrown. */
interface Reported {
  readonly error: unknown;
  readonly scope: ScopeNode | null;
}

let collected: Reported[] = [];

/** Adds an error to those of the flush under way; `scope` owns where it was thrown. */
export function report(error: unknown, scope: ScopeNode | null): void {
  collected.push({ error, scope });
}

/** Whether there are any. */
export function hasErrors(): boolean {
  return collected.length > 0;
}

function take(): Reported[] {
  const errors = collected;
  collected = [];
  return errors;
}

/** The errors so far; the list starts anew. */
export function takeErrors(): unknown[] {
  return take().map(({ error }) => error);
}

/**
 * Gives an error that has no caller to the nearest scope with `onError`; what that throws goes to the
 * next one. Without one it is reported as uncaught.
 */
export function handle(error: unknown, scope: ScopeNode | null): void {
  const { run, reader } = rt;
  rt.run = 0;
  rt.reader = null;
  let unhandled = error;
  try {
    for (let at = scope; at !== null; at = at.outer) {
      if (at.onError === null) continue;
      try {
        at.onError(unhandled);
        return;
      } catch (thrown) {
        unhandled = thrown;
      }
    }
    reportUncaught(unhandled);
  } finally {
    rt.run = run;
    rt.reader = reader;
  }
}

/** Handles the errors so far, each by its own scope. */
export function handleErrors(): void {
  for (const { error, scope } of take()) handle(error, scope);
}

/** Throws one error as it is, several together. */
export function throwAll(errors: readonly unknown[], message: string): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, message);
}
