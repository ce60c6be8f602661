/**
 * When two values count as the same.
 */
import type { NodeOptions } from "./node.js";

/** Object.is, written so that the common comparison of two numbers is not a call. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return a !== 0 || 1 / (a as number) === 1 / (b as number);
  return Number.isNaN(a) && Number.isNaN(b);
}

/** Whether two values count as the same by a node's options. Calls the user's comparison as it is. */
export function isEqual<T>(options: NodeOptions<T> | null, a: T, b: T): boolean {
  const equals = options === null ? null : options.equals;
  if (equals === null) return isSameValue(a, b);
  return equals !== false && equals(a, b);
}
