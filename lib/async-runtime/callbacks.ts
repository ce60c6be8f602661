/**
 * Calling what the program gave: untracked, and so that nothing it throws reaches the cell.
 */
import {
  callAs,
  handle,
  isReadNoticed,
  NativePromise,
  type ScopeNode,
  thenOn,
  untracked,
} from "#engine";

/** Apart from who asks: a closure makes each call of the function dearer in which it stands. */
function callUntracked<A, B, R>(fn: (a: A, b: B) => R, a: A, b: B): R {
  return untracked(() => fn(a, b));
}

/** Calls a function untracked, for which most of the time there is nothing to do. */
export function untrackedCall<A, B, R>(fn: (a: A, b: B) => R, a: A, b: B): R {
  return isReadNoticed() ? callUntracked(fn, a, b) : fn(a, b);
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
    const result = callAs(scope, callback, args);
    if (result instanceof NativePromise) thenOn(result, undefined, (error) => handle(error, scope));
  } catch (error) {
    handle(error, scope);
  }
}
