/**
 * Errors that say that there is no room: they are nobody's outcome, and what they cut short is done again.
 */
import { LimitError, OutOfMemoryError } from "./errors.js";
import { isInstance } from "./own.js";

/** Whether an error says that the JavaScript stack is full. */
export function isStackFull(error: unknown): boolean {
  try {
    return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
  } catch {
    /* A proxy, which says what it likes. */
    return false;
  }
}

/** Whether an error says that there is no room in the kernel. */
export function isKernelFull(error: unknown): boolean {
  return isInstance(error, OutOfMemoryError) || isInstance(error, LimitError);
}

/** Whether an error says that there is no room, on the JavaScript stack or in the kernel. */
export function isShortage(error: unknown): boolean {
  return isKernelFull(error) || isStackFull(error);
}
