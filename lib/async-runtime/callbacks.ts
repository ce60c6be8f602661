/**
 * Calling what the program gave: untracked, and so that nothing it throws reaches the cell.
 */
import { handle, isReadNoticed, type ScopeNode, untracked } from "#engine";

const NativePromise = Promise;
const promiseThen = Promise.prototype.then;

/** Calls a function untracked, for which most of the time there is nothing to do. */
export function untrackedCall<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
  return isReadNoticed() ? untracked(() => fn(...args)) : fn(...args);
}

/**
 * Calls a callback. What it throws, or rejects with, goes to the scope, or is reported as an uncaught
 * exception.
 */
export function notify<A extends unknown[]>(
  scope: ScopeNode | null,
  callback: ((...args: A) => unknown) | undefined,
  ...args: A
): void {
  if (callback === undefined) return;
  try {
    const result = untracked(() => callback(...args));
    if (result instanceof NativePromise)
      promiseThen.call(result, undefined, (error) => handle(error, scope));
  } catch (error) {
    handle(error, scope);
  }
}
