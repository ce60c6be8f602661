/**
 * Priorities: one scale for effects, asynchronous cells and transactions.
 */
import { invalidArgument } from "#engine";
import { ownOption } from "./options.js";

/** When something runs among what is due: by name or number, lower is earlier. */
export type Priority = "immediate" | "user-blocking" | "normal" | "background" | number;

const PRIORITIES: ReadonlyMap<unknown, number> = new Map([
  ["immediate", -200],
  ["user-blocking", -100],
  ["normal", 0],
  ["background", 100],
]);

/** The number of a priority; `name` is that of the argument, for the error. */
export function priorityOf(name: string, priority: unknown): number {
  if (priority === undefined) return 0;
  const named = PRIORITIES.get(priority);
  if (named !== undefined) return named;
  if (typeof priority === "number" && (priority | 0) === priority) return priority;
  throw invalidArgument(name, "a priority name or a 32-bit integer", priority);
}

/** The option `priority` of an options object. */
export function checkPriority(options: object): number {
  return priorityOf("options.priority", ownOption(options, "priority"));
}
