/**
 * What a producer returns, made into one settlement.
 *
 * A promise is settled by the first reaction to it: `then` is attached at once, so the outcome is
 * not seen a microtask later than it has to be. A foreign thenable is held to the rules of promises:
 * it settles once, later than its `then` was called, and not with another thenable.
 */

/** Taken at load: a program may replace the global ones. */
const NativePromise = Promise;
const promiseThen = Promise.prototype.then;
const promiseResolve = Promise.resolve.bind(Promise);
const promiseReject = Promise.reject.bind(Promise);

/** Takes an outcome: a value, or what the producer threw or rejected with. Must not throw. */
export type Settle = (fulfilled: boolean, outcome: unknown) => void;

/** The `then` of a thenable, or null. Throws what a getter throws. */
function thenOf(value: unknown): ((...args: unknown[]) => unknown) | null {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return null;
  const then = (value as { then?: unknown }).then;
  return typeof then === "function" ? (then as (...args: unknown[]) => unknown) : null;
}

function react(promise: Promise<unknown>, settle: Settle): void {
  promiseThen.call(
    promise,
    (value) => settle(true, value),
    (error) => settle(false, error),
  );
}

function isThenable(value: unknown): boolean {
  try {
    return thenOf(value) !== null;
  } catch {
    return true;
  }
}

/** Calls the `then` of a foreign thenable. */
function attach(
  thenable: unknown,
  then: (...args: unknown[]) => unknown,
  settle: Settle,
): void {
  let settled = false;
  let attaching = true;
  const once: Settle = (fulfilled, outcome) => {
    if (settled) return;
    settled = true;
    if (!fulfilled && attaching) react(promiseReject(outcome), settle);
    else if (fulfilled && (attaching || isThenable(outcome)))
      react(promiseResolve(outcome), settle);
    else settle(fulfilled, outcome);
  };
  try {
    then.call(
      thenable,
      (value: unknown) => once(true, value),
      (error: unknown) => once(false, error),
    );
  } catch (error) {
    once(false, error);
  }
  attaching = false;
}

/** Waits for what a producer returned. `settle` is called once, and never before this returns. */
export function follow(result: unknown, settle: Settle): void {
  try {
    if (result instanceof NativePromise && result.then === promiseThen) {
      react(result, settle);
      return;
    }
    const then = thenOf(result);
    if (then === null) react(promiseResolve(result), settle);
    else attach(result, then, settle);
  } catch (error) {
    /* A getter threw: of `then`, or of a promise's constructor. */
    react(promiseReject(error), settle);
  }
}

/** Calls a producer and waits for what it returns; what it throws is a rejection. */
export function produce(call: () => unknown, settle: Settle): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    react(promiseReject(error), settle);
    return;
  }
  follow(result, settle);
}
