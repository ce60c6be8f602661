/**
 * Calling what the program gave: untracked, and so that nothing it throws reaches the cell.
 */
import { handle, NativePromise, type ScopeNode, thenOn, untracked } from "#engine";

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
    if (result instanceof NativePromise) thenOn(result, undefined, (error) => handle(error, scope));
  } catch (error) {
    handle(error, scope);
  }
}
