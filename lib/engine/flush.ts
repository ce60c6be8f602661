/**
 * Flushing: when what is due runs - at the end of a batch, in a microtask, when it is asked for - and who
 * gets its errors. With a budget, what is urgent runs then and background work in slices; see slice.ts.
 */
import { runOutside } from "./context.js";
import { isOwing, payOwed } from "./link.js";
import { runAll, runFirstSlice, runNextSlice, runUpTo } from "./loop.js";
import { failedRun, settleWrites } from "./pending.js";
import { handleErrors, hasErrors, report, takeErrors, throwAll } from "./report.js";
import { idle, rt } from "./runtime.js";
import { countWaiting, defer, endPass, LAST } from "./slice.js";

const MESSAGE = "Several effects failed";

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

/** Whether a flush may run now: not inside another one, nor inside an effect or computed. */
function canFlush(): boolean {
  return !rt.flushing && rt.reader === null;
}

/**
 * Does the work of a flush, which tells whether background work is left for a slice. Errors of effects are
 * collected, the kernel's own error ends the flush.
 */
function run(work: () => boolean): void {
  rt.flushing = true;
  rt.flushWanted = false;
  rt.committed++;
  /* A scope may be entered: what is created in it after a batch is its own, too. */
  const { owner } = rt;
  rt.owner = null;
  try {
    if (isOwing()) payOwed();
    if (runOutside(work)) defer(onSlice);
    else endPass();
  } catch (error) {
    failedRun();
    report(error, null);
  } finally {
    idle();
    rt.owner = owner;
    rt.flushing = false;
    rt.committed--;
    if (isOwing()) rt.dirty = true;
  }
}

/** The flush that a batch or a microtask makes. */
function runNow(): void {
  rt.flushes++;
  run(rt.budget === Number.POSITIVE_INFINITY ? runAll : runFirstSlice);
}

function throwErrors(): void {
  if (hasErrors()) throwAll(takeErrors(), MESSAGE);
}

function runAndThrow(): void {
  runNow();
  throwErrors();
}

function runAndHandle(): void {
  runNow();
  if (hasErrors()) runOutside(handleErrors);
}

/**
 * Runs every effect that is due, now and in one go; with `upTo`, only those that are not later. Inside
 * an effect, a computed, a batch or a flush it does nothing: the flush under way, or the one that is
 * scheduled, runs them.
 *
 * @throws What an effect or cleanup threw; an AggregateError when several did.
 */
export function flushSync(upTo = LAST): void {
  if (rt.batchDepth > 0 || !canFlush()) return schedule();
  if (!rt.dirty && !rt.deferred) return;
  rt.flushes++;
  if (upTo === LAST) {
    run(runAll);
  } else {
    run(() => runUpTo(upTo));
    rt.dirty ||= countWaiting() > 0;
    schedule();
  }
  throwErrors();
}

function onMicrotask(): void {
  rt.scheduled = false;
  if (canFlush() && rt.dirty) runAndHandle();
}

/**
 * A turn of the event loop for background work. Unless somebody has written since the slice before, it is
 * the same flush still, as far as effects are counted that keep waking themselves.
 */
function onSlice(): void {
  if (!rt.deferred) return;
  if (!canFlush()) return defer(onSlice);
  if (rt.dirty) rt.flushes++;
  /* Only what ends well can tell that there is more. */
  rt.deferred = false;
  run(rt.budget === Number.POSITIVE_INFINITY ? runAll : runNextSlice);
  if (hasErrors()) runOutside(handleErrors);
}

/** Makes sure that a flush follows: the one under way, or one in a microtask. */
export function schedule(): void {
  if (rt.scheduled || rt.flushing || !rt.dirty) return;
  rt.scheduled = true;
  enqueue(onMicrotask);
}

/** Whether what was written has been seen by its observers: no batch is open, and no flush under way. */
export function isFlushed(): boolean {
  return rt.batchDepth === 0 && canFlush();
}

export function enterBatch(): void {
  rt.batchDepth++;
}

function leave(flush: () => void): void {
  if (--rt.batchDepth !== 0) return;
  if (!rt.dirty) {
    if (rt.unmarked !== 0) settleWrites();
  } else if (canFlush()) {
    flush();
  } else if (!rt.flushing) {
    /* Of the effect's own run, not of a cleanup in it. */
    rt.flushWanted ||= rt.owner !== null;
    schedule();
  }
}

/** Leaves a batch whose body returned; the outermost one flushes, and throws what effects throw. */
export function leaveBatch(): void {
  leave(runAndThrow);
}

/**
 * Leaves a batch that nobody called, as the commit of a promise's outcome: what effects throw is
 * handled as in a microtask.
 */
export function leaveBatchHandling(): void {
  leave(runAndHandle);
}

/** Runs the flush of a batch that ended inside the outermost effect's first run, now that it is over. */
export function flushAfterCreation(): void {
  if (!rt.flushWanted || rt.batchDepth !== 0 || !canFlush()) return;
  runAndThrow();
}

/** Leaves a batch whose body threw; the outermost one flushes, then the error is thrown, as first. */
export function leaveFailedBatch(failure: unknown): never {
  try {
    leaveBatch();
  } catch (error) {
    const others =
      error instanceof AggregateError && error.message === MESSAGE ? error.errors : [error];
    throw new AggregateError([failure, ...others], MESSAGE);
  }
  throw failure;
}

/** Runs `fn` with effects held back; at the end of the outermost batch those that are due run. */
export function batch<T>(fn: () => T): T {
  enterBatch();
  let result: T;
  try {
    result = fn();
  } catch (error) {
    return leaveFailedBatch(error);
  }
  leaveBatch();
  return result;
}
