/**
 * Transactions: all writes or none.
 *
 * A function that is not declared `async` begins as a synchronous transaction: its writes are logged,
 * and undone when it throws. When it turns out to return a promise, they are staged, and it goes on as
 * an asynchronous one. Inside an asynchronous transaction every other one is part of that.
 */
import { AsyncTransaction, type Call } from "./async-transaction.js";
import { Attempt } from "./attempt.js";
import { commitStaging } from "./commit.js";
import { currentContext, hasContext, runEntered, runInContext } from "./context.js";
import { currentTransaction } from "./current.js";
import { decide } from "./decide.js";
import { AsyncContextError, TransactionAbortedError } from "./errors.js";
import { enterBatch, leaveBatch, leaveBatchHandling, leaveFailedBatch } from "./flush.js";
import type { SignalNode } from "./node.js";
import { requireRoom } from "./room.js";
import { rt } from "./runtime.js";
import { DEFAULT_SETTINGS, type TransactionSettings } from "./settings.js";
import { Staging } from "./staging.js";
import { beginTransaction, commitTransaction, rollbackTransaction, takeWrites } from "./undo.js";

/** Bound at load: a program may replace `call`. */
const tagOf = /* @__PURE__ */ Function.prototype.call.bind(Object.prototype.toString) as (
  value: unknown,
) => string;

const isAsyncFunction = (fn: unknown): boolean => tagOf(fn) === "[object AsyncFunction]";

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Throws when the code of an asynchronous function could not be told from other code. */
function requireContext(fn: { readonly length: number }, name: string | undefined): void {
  if (!hasContext() && fn.length === 0) throw new AsyncContextError(name);
}

/** An aborted AbortSignal ends a transaction before it begins. */
function throwIfAborted(settings: TransactionSettings): void {
  if (settings.signal?.aborted) throw settings.signal.reason;
}

/** Runs `call` as an asynchronous transaction from the beginning. */
function runAsynchronous<T>(call: Call<unknown>, settings: TransactionSettings): Promise<T> {
  requireRoom(rt.frame);
  const transaction = new AsyncTransaction<T>(call, settings);
  transaction.begin();
  try {
    transaction.run();
  } catch (error) {
    transaction.abort(error);
  }
  return transaction.promise;
}

/**
 * A function that began synchronously has returned a promise: what it wrote is staged, and it goes on
 * as an asynchronous transaction.
 */
function goOn<T>(
  call: Call<unknown>,
  settings: TransactionSettings,
  attempt: Attempt,
  writes: ReadonlyMap<SignalNode, unknown>,
  work: unknown,
): Promise<T> {
  const transaction = new AsyncTransaction<T>(call, settings);
  try {
    const staging = transaction.open(attempt);
    transaction.enterAlone = runEntered;
    transaction.begin();
    if (staging.state === "open") {
      for (const [node, value] of attempt.hoped ?? []) attempt.showValue(node, value, value);
      for (const [node, value] of writes) staging.stage(node, value);
    }
  } catch (error) {
    transaction.abort(error);
  }
  transaction.follow(attempt, work);
  return transaction.promise;
}

/** A synchronous transaction; when its body turns out to return a promise, it goes on as staged. */
function runSynchronous<T>(call: Call<T>, settings: TransactionSettings): T | Promise<T> {
  const attempt = new Attempt();
  let result: T;
  let isOver = true;
  enterBatch();
  try {
    beginTransaction();
  } catch (error) {
    return leaveFailedBatch(error);
  }
  try {
    result = runInContext({ ...currentContext(), slot: attempt }, () => call(attempt));
    isOver = !isThenable(result);
    if (isOver) {
      throwIfAborted(settings);
      decide();
    }
  } catch (error) {
    rollbackTransaction();
    return leaveFailedBatch(error);
  }
  if (!isOver) return goOnStaged(call, settings, attempt, result);
  commitTransaction();
  leaveBatch();
  return result;
}

/**
 * The body has returned a promise. What it wrote moves from the log to a staging, before effects run
 * that were due already: what those write is somebody else's. What they throw has no caller, who gets
 * the promise of the transaction.
 */
function goOnStaged<T>(
  call: Call<T>,
  settings: TransactionSettings,
  attempt: Attempt,
  work: T,
): Promise<T> {
  const writes = takeWrites();
  rollbackTransaction();
  const promise = goOn<T>(call, settings, attempt, writes, work);
  leaveBatchHandling();
  return promise;
}

/**
 * A transaction that stages from the start: inside an asynchronous one, or since what it reads has to
 * be known. It is synchronous unless its body returns a promise.
 */
function runStaged<T>(
  parent: Staging | null,
  call: Call<T>,
  settings: TransactionSettings,
): T | Promise<T> {
  requireRoom(rt.frame);
  const attempt = new Attempt();
  attempt.staging = new Staging(parent, settings.name, settings.serializable);
  attempt.staging.onAbort = () => attempt.discard(new TransactionAbortedError(settings.name));
  let result: T;
  try {
    result = runInContext({ ...currentContext(), slot: attempt }, () =>
      runEntered(attempt, () => call(attempt)),
    );
    if (isThenable(result)) return goOn(call, settings, attempt, new Map(), result);
    throwIfAborted(settings);
  } catch (error) {
    attempt.discard(error);
    throw error;
  }
  enterBatch();
  try {
    commitStaging(attempt.staging, settings, 1);
  } catch (error) {
    attempt.discard(error);
    return leaveFailedBatch(error);
  }
  leaveBatch();
  return result;
}

/** Runs `body` as a transaction, by `call`. */
export function runTransaction<T>(
  body: { readonly length: number },
  call: Call<T>,
  settings: TransactionSettings = DEFAULT_SETTINGS,
): T | Promise<T> {
  const isAsync = isAsyncFunction(body);
  if (isAsync) {
    requireContext(body, settings.name);
    if (settings.signal?.aborted) return Promise.reject(settings.signal.reason);
    return runAsynchronous<T>(call, settings);
  }
  throwIfAborted(settings);
  const parent = currentTransaction();
  if (parent === null && !settings.serializable) return runSynchronous(call, settings);
  return runStaged(parent, call, settings);
}
