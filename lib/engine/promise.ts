/**
 * Promises as the platform made them. Taken at load: a program may replace the global ones, and the methods
 * of functions as well.
 */
export const NativePromise = Promise;
export const promiseThen = Promise.prototype.then;

/** `promise.then(fulfilled, rejected)`, whatever has become of `then` and of `call` since. */
export const thenOn = /* @__PURE__ */ Function.prototype.call.bind(promiseThen) as <T>(
  promise: Promise<T>,
  fulfilled: ((value: T) => unknown) | undefined,
  rejected?: (error: unknown) => unknown,
) => Promise<unknown>;
