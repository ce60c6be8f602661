/**
 * What a producer returns, made into one settlement.
 *
 * A promise is settled by the first reaction to it: `then` is attached at once, so the outcome is
 * not seen a microtask later than it has to be. A foreign thenable is held to the rules of promises:
 * it settles once, later than its `then` was called, and not with another thenable.
 */
import { NativePromise, promiseThen, thenOn } from "#engine";

/** Taken at load: a program may replace the global ones. */
const { apply } = Reflect;
const promiseResolve = /* @__PURE__ */ Promise.resolve.bind(Promise);
const promiseReject = /* @__PURE__ */ Promise.reject.bind(Promise);

/** Takes an outcome: a value, or what the producer threw or rejected with. */
export type Settle = (fulfilled: boolean, outcome: unknown) => void;

type Then = (fulfilled: (value: unknown) => void, rejected: (error: unknown) => void) => unknown;

/** The `then` of a thenable, or null. Throws what a getter throws. */
function thenOf(value: unknown): Then | null {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return null;
  const then = (value as { then?: unknown }).then;
  return typeof then === "function" ? (then as Then) : null;
}

function isThenable(value: unknown): boolean {
  try {
    return thenOf(value) !== null;
  } catch {
    return true;
  }
}

function react(promise: Promise<unknown>, settle: Settle): void {
  thenOn(
    promise,
    (value) => settle(true, value),
    (error) => settle(false, error),
  );
}

/** Settles in a microtask, as the promise that it is from then on. */
function settleLater(fulfilled: boolean, outcome: unknown, settle: Settle): void {
  react(fulfilled ? promiseResolve(outcome) : promiseReject(outcome), settle);
}

/** Calls the `then` of a foreign thenable. */
function attach(thenable: unknown, then: Then, settle: Settle): void {
  let settled = false;
  let attaching = true;
  const once: Settle = (fulfilled, outcome) => {
    if (settled) return;
    settled = true;
    if (attaching || (fulfilled && isThenable(outcome))) {
      settleLater(fulfilled, outcome, settle);
      return;
    }
    try {
      settle(fulfilled, outcome);
    } catch {
      /* It settles inside a computed, where nothing may be written. */
      settleLater(fulfilled, outcome, settle);
    }
  };
  try {
    apply(then, thenable, [
      (value: unknown) => once(true, value),
      (error: unknown) => once(false, error),
    ]);
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
    if (then === null) settleLater(true, result, settle);
    else attach(result, then, settle);
  } catch (error) {
    /* A getter threw: `then`, or the constructor of a promise. */
    settleLater(false, error, settle);
  }
}

/** What can be asked to call its producer. */
export interface Production {
  produce(): unknown;
}

/** Calls a producer and waits for what it returns; what it throws is a rejection. */
export function produce(production: Production, settle: Settle): void {
  let result: unknown;
  try {
    result = production.produce();
  } catch (error) {
    settleLater(false, error, settle);
    return;
  }
  follow(result, settle);
}
