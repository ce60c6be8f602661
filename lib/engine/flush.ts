/**
 * Flushing: when what is due runs - at the end of a batch, in a microtask, when it is asked for - and who
 * gets its errors. With a budget, what is urgent runs then and background work in slices; see slice.ts.
 */

import { isOwing, payOwed } from "./journal.js";
import { countWaiting, runAll, runUpTo } from "./loop.js";
import { isInstance } from "./own.js";
import { parts, runAs } from "./parts.js";
import { failedRun, settleUnobserved } from "./pending.js";
import { handleErrors, hasErrors, report, takeErrors, throwAll } from "./report.js";
import { rt } from "./runtime.js";

const MESSAGE = "Several effects failed";

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

/** Whether a flush may run now: not inside another one, nor inside an effect or computed. */
export function canFlush(): boolean {
  return !rt.flushing && rt.reader === null;
}

/** Nothing waits for a slice: the next one is the first of another pass. */
function endPass(): void {
  rt.deferred = false;
  rt.slices = 0;
}

/**
 * Does the work of a flush, which tells whether background work is left for a slice. Errors of effects are
 * collected, the kernel's own error ends the flush.
 */
export function run(work: () => boolean): void {
  rt.flushing = true;
  rt.flushWanted = false;
  rt.committed++;
  /* A scope may be entered: what is created in it after a batch is its own, too. */
  const { owner } = rt;
  rt.owner = null;
  try {
    if (isOwing()) payOwed();
    /* It is code of nobody, whoever happens to cause it. */
    if (runAs(null, work)) parts.slices.defer();
    else endPass();
  } catch (error) {
    rt.dirty = true;
    failedRun();
    report(error, null);
  } finally {
    /* Calls nothing at first: the stack may be full. */
    rt.run = 0;
    rt.reader = null;
    rt.owner = owner;
    rt.flushing = false;
    rt.committed--;
    if (isOwing()) rt.dirty = true;
  }
  if (rt.recorder !== null) rt.recorder.flushed();
}

/** The flush that a batch or a microtask makes. */
function runNow(): void {
  rt.flushes++;
  run(rt.budget === Number.POSITIVE_INFINITY ? runAll : parts.slices.first);
}

function throwErrors(): void {
  if (hasErrors()) throwAll(takeErrors(), MESSAGE);
}

function runAndThrow(): void {
  runNow();
  throwErrors();
}

/** What was thrown in a flush that nobody called goes to the scopes. */
export function handleThrown(): void {
  if (hasErrors()) runAs(null, handleErrors);
}

function runAndHandle(): void {
  runNow();
  handleThrown();
}

/** Whether to flush now; else the flush under way, or the one that is scheduled, has to do. */
function mayFlush(): boolean {
  if (rt.batchDepth === 0 && canFlush()) return rt.dirty || rt.deferred;
  schedule();
  return false;
}

/**
 * Runs every effect that is due, now and in one go. Inside an effect, a computed, a batch or a flush it
 * does nothing: the flush under way, or the one that is scheduled, runs them.
 *
 * @throws What an effect or cleanup threw; an AggregateError when several did.
 */
export function flushSync(): void {
  if (!mayFlush()) return;
  rt.flushes++;
  run(runAll);
  throwErrors();
}

/** As `flushSync`, but only those that are not later than the priority `upTo`. */
export function flushUpTo(upTo: number): void {
  if (!mayFlush()) return;
  rt.flushes++;
  run(() => runUpTo(upTo));
  rt.dirty ||= countWaiting() > 0;
  schedule();
  throwErrors();
}

function onMicrotask(): void {
  rt.scheduled = false;
  if (canFlush() && rt.dirty) runAndHandle();
}

/** Makes sure that a flush follows: the one under way, or one in a microtask. */
export function schedule(): void {
  if (rt.scheduled || rt.flushing || !rt.dirty) return;
  rt.scheduled = true;
  enqueue(onMicrotask);
}

export function enterBatch(): void {
  rt.batchDepth++;
}

/** A batch has been left; the outermost one flushes. */
function endBatch(flush: () => void): void {
  if (rt.batchDepth !== 0) return;
  if (!rt.dirty) {
    if (rt.unmarked !== 0) settleUnobserved();
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
  rt.batchDepth--;
  endBatch(runAndThrow);
}

/**
 * Leaves a batch that nobody called, as the commit of a promise's outcome: what effects throw is
 * handled as in a microtask.
 */
export function leaveBatchHandling(): void {
  rt.batchDepth--;
  endBatch(runAndHandle);
}

/**
 * Leaves a batch without a flush: what is due runs when it would have run without the batch, with its
 * errors.
 */
export function leaveBatchLater(): void {
  if (--rt.batchDepth !== 0) return;
  if (rt.dirty) schedule();
  else if (rt.unmarked !== 0) settleUnobserved();
}

/** Runs the flush of a batch that ended inside the outermost effect's first run, now that it is over. */
export function flushAfterCreation(): void {
  if (!rt.flushWanted || rt.batchDepth !== 0 || !canFlush()) return;
  runAndThrow();
}

/** A batch whose body threw has been left; the outermost one flushes, then the error is thrown, as first. */
function endFailedBatch(failure: unknown): never {
  try {
    endBatch(runAndThrow);
  } catch (error) {
    const others =
      isInstance(error, AggregateError) && error.message === MESSAGE ? error.errors : [error];
    throw new AggregateError([failure, ...others], MESSAGE);
  }
  throw failure;
}

/** Leaves a batch whose body threw. */
export function leaveFailedBatch(failure: unknown): never {
  rt.batchDepth--;
  return endFailedBatch(failure);
}

/** Runs `fn` with effects held back; at the end of the outermost batch those that are due run. */
export function batch<T>(fn: () => T): T {
  rt.batchDepth++;
  let result: T;
  try {
    result = fn();
  } catch (error) {
    /* Here, and not in a call: the stack may be full. */
    rt.batchDepth--;
    return endFailedBatch(error);
  }
  rt.batchDepth--;
  endBatch(runAndThrow);
  return result;
}
