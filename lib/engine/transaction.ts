/**
 * Transactions: all writes or none.
 */
import { enterBatch, leaveBatch, leaveFailedBatch } from "./flush.js";
import { reportUncaught } from "./report.js";
import { rt } from "./runtime.js";
import { writeSignal } from "./signal.js";
import { onCommitted, runStaged, Staging } from "./staging.js";
import { beginTransaction, commitTransaction, rollbackTransaction, takeWrites } from "./undo.js";

const isAsyncFunction = (fn: unknown): boolean =>
  Object.prototype.toString.call(fn) === "[object AsyncFunction]";

const promiseThen = Promise.prototype.then;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Writes what was staged, in one flush. Errors of effects belong to nobody who waits here. */
function commit(staging: Staging): void {
  staging.open = false;
  rt.staging--;
  onCommitted(() => {
    enterBatch();
    for (const [node, value] of staging.values) writeSignal(node, value);
    try {
      leaveBatch();
    } catch (error) {
      reportUncaught(error);
    }
  });
}

function discard(staging: Staging): void {
  staging.open = false;
  rt.staging--;
}

/** Commits when `work` fulfils, discards when it rejects. The promise settles as `work` does. */
function settleWith<T>(staging: Staging, work: PromiseLike<T>): Promise<T> {
  const settled = new Promise<T>((resolve) => resolve(work));
  return promiseThen.call(
    settled,
    (value) => {
      commit(staging);
      return value;
    },
    (reason) => {
      discard(staging);
      throw reason;
    },
  ) as Promise<T>;
}

function open(): Staging {
  rt.staging++;
  return new Staging();
}

/** A synchronous transaction; when its body turns out to return a promise, it goes on as staged. */
function runSynchronous<T>(fn: (staging: Staging | null) => T): T | Promise<T> {
  beginTransaction();
  enterBatch();
  let result: T;
  try {
    result = fn(null);
    if (isThenable(result)) {
      const staging = open();
      for (const [node, value] of takeWrites()) staging.values.set(node, value);
      rollbackTransaction();
      leaveBatch();
      return settleWith(staging, result as PromiseLike<T>);
    }
  } catch (error) {
    rollbackTransaction();
    return leaveFailedBatch(error);
  }
  commitTransaction();
  leaveBatch();
  return result;
}

function runAsynchronous<T>(fn: (staging: Staging) => T): T | Promise<T> {
  const staging = open();
  let work: T;
  try {
    work = runStaged(staging, () => fn(staging));
  } catch (error) {
    discard(staging);
    throw error;
  }
  return settleWith(staging, work as PromiseLike<T>);
}

/** Runs `body` as a transaction; `staging` is null in a synchronous one. */
export function runTransaction<T>(
  body: unknown,
  call: (staging: Staging | null) => T,
): T | Promise<T> {
  return isAsyncFunction(body) ? runAsynchronous(call) : runSynchronous(call);
}
