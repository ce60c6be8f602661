/**
 * Errors that say that there is no room: they are nobody's outcome, and what they cut short is done again.
 */
import { LimitError, OutOfMemoryError } from "./errors.js";

/** Whether an error says that the JavaScript stack is full. */
export function isStackFull(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

/** Whether an error says that there is no room in the kernel. */
export function isKernelFull(error: unknown): boolean {
  return error instanceof OutOfMemoryError || error instanceof LimitError;
}

/** Whether an error says that there is no room, on the JavaScript stack or in the kernel. */
export function isShortage(error: unknown): boolean {
  return isKernelFull(error) || isStackFull(error);
}
