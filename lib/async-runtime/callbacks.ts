/**
 * Calling what the program gave: untracked, and so that nothing it throws reaches the cell.
 */
import { reportUncaught, untracked } from "#engine";

const NativePromise = Promise;
const promiseThen = Promise.prototype.then;

/** Calls a callback. What it throws, or rejects with, is reported as an uncaught exception. */
export function notify<A extends unknown[]>(
  callback: ((...args: A) => unknown) | undefined,
  ...args: A
): void {
  if (callback === undefined) return;
  try {
    const result = untracked(() => callback(...args));
    if (result instanceof NativePromise) promiseThen.call(result, undefined, reportUncaught);
  } catch (error) {
    reportUncaught(error);
  }
}
