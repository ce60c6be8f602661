/**
 * Flushing: running what is due until nothing is. The kernel lists the due effects in order; a list
 * that was made before an effect wrote is given back, and the kernel lists anew.
 */
import { rerun } from "./effect.js";
import { EffectLoopError } from "./errors.js";
import { SK_H_QUEUED, SK_H_RUN_TAKEN, SK_N_FLAGS, SK_QUEUED } from "./layout.js";
import { type EffectNode, nameOf } from "./node.js";
import { scopeOf } from "./owner.js";
import { failedRun, nextRun, settleWrites } from "./pending.js";
import { handleErrors, hasErrors, report, takeErrors, throwAll } from "./report.js";
import { idle, rt, SLOT_SHIFT } from "./runtime.js";
import { isEffectStale } from "./settle.js";

/** An effect that runs more often than this in one flush is stopped. */
const MAX_RUNS = 100;

const MESSAGE = "Several effects failed";

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

/** Whether a flush may run now: not inside another one, nor inside an effect or computed. */
function canFlush(): boolean {
  return !rt.flushing && rt.reader === null;
}

/** An effect's `runs` are those in one flush, in the low bits; above them stands which flush. */
const COUNT_BITS = 7;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
const FLUSH_MASK = (1 << (31 - COUNT_BITS)) - 1;

/** Counts a run of the effect in this flush; false when it had its share and is left out. */
function mayRun(effect: EffectNode): boolean {
  const flush = (rt.flushes & FLUSH_MASK) << COUNT_BITS;
  const runs = (effect.runs & ~COUNT_MASK) === flush ? effect.runs & COUNT_MASK : 0;
  if (runs > MAX_RUNS) return false;
  effect.runs = flush + runs + 1;
  if (runs < MAX_RUNS) return true;
  report(new EffectLoopError(nameOf(effect), MAX_RUNS), scopeOf(effect));
  return false;
}

/** Runs the first `count` effects of RUN, or fewer: false when one of them made the list untrue. */
function runListed(count: number): boolean {
  const markings = rt.markings;
  const header = rt.header;
  for (let i = 0; i < count; i++) {
    const id = rt.runWords[i];
    const effect = rt.handles[id >> SLOT_SHIFT] as EffectNode | null;
    header[SK_H_RUN_TAKEN] = i + 1;
    rt.slots[id + SK_N_FLAGS] &= ~SK_QUEUED;
    if (effect === null) continue;
    if (isEffectStale(effect) && mayRun(effect)) rerun(effect);
    if (rt.markings !== markings || rt.dirty) return false;
  }
  return true;
}

/** Flushes until quiet. Errors of effects are collected, the kernel's own error ends the flush. */
function run(): void {
  rt.flushing = true;
  rt.flushWanted = false;
  rt.flushes++;
  try {
    for (;;) {
      const count = nextRun();
      if (count === 0) break;
      /* Nothing was written, and the kernel has no more: it need not be asked. */
      if (runListed(count) && rt.header[SK_H_QUEUED] === 0) break;
    }
  } catch (error) {
    failedRun();
    report(error, null);
  } finally {
    idle();
    rt.flushing = false;
  }
}

function runAndThrow(): void {
  run();
  if (hasErrors()) throwAll(takeErrors(), MESSAGE);
}

/**
 * Runs every effect that is due, now. Inside an effect, a computed, a batch or a flush it does
 * nothing: the flush under way, or the one that is scheduled, runs them.
 *
 * @throws What an effect or cleanup threw; an AggregateError when several did.
 */
export function flushSync(): void {
  if (rt.batchDepth > 0 || !canFlush()) return schedule();
  if (rt.dirty) runAndThrow();
}

function onMicrotask(): void {
  rt.scheduled = false;
  if (!canFlush() || !rt.dirty) return;
  run();
  handleErrors();
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

/** Leaves a batch whose body returned; the outermost one flushes. */
export function leaveBatch(): void {
  if (--rt.batchDepth !== 0) return;
  if (!rt.dirty) {
    if (rt.unmarked !== 0) settleWrites();
  } else if (canFlush()) {
    runAndThrow();
  } else if (!rt.flushing) {
    /* Of the effect's own run, not of a cleanup in it. */
    rt.flushWanted ||= rt.owner !== null;
    schedule();
  }
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
