/**
 * The run loops. The kernel lists the due effects in order, and they are run one by one; a list that was
 * made before an effect wrote is given back, and the kernel lists anew.
 */
import { rerun } from "./effect.js";
import { EffectLoopError } from "./errors.js";
import { due, fan, handOver } from "./fan.js";
import { isStaleByPlan } from "./follow.js";
import {
  SK_E_DEP,
  SK_E_NEXT_DEP,
  SK_H_JOURNAL_LEN,
  SK_H_QUEUED,
  SK_H_RUN_LEN,
  SK_H_RUN_TAKEN,
  SK_H_UP_TO,
  SK_N_DEPS,
  SK_N_FLAGS,
  SK_QUEUED,
  SK_STALE,
} from "./layout.js";
import { type ComputedNode, type EffectNode, nameOf } from "./node.js";
import { scopeOf } from "./owner.js";
import { markHere, nextRun, noteQuiet } from "./pending.js";
import { report } from "./report.js";
import { rt, SLOT_SHIFT } from "./runtime.js";
import { isEffectStale, settleIdle } from "./settle.js";
import type { Slice } from "./slice.js";

/** No priority is later. */
export const LAST = 2 ** 31 - 1;

/** An effect that runs more often than this in one flush is stopped. */
const MAX_RUNS = 100;

/** An effect's `runs` are those in one flush, in the low bits; above them stands which flush. */
const COUNT_BITS = 7;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
const FLUSH_MASK = (1 << (31 - COUNT_BITS)) - 1;

/** Counts a run of the effect in this flush; false when it had its share and is left out. */
function mayRun(effect: EffectNode): boolean {
  const flush = (rt.flushes & FLUSH_MASK) << COUNT_BITS;
  const runs = (effect.runs & ~COUNT_MASK) === flush ? effect.runs & COUNT_MASK : 0;
  if (runs > MAX_RUNS) {
    settleReads(effect);
    return false;
  }
  effect.runs = flush + runs + 1;
  if (runs < MAX_RUNS) return true;
  settleReads(effect);
  report(new EffectLoopError(nameOf(effect), MAX_RUNS), scopeOf(effect));
  return false;
}

/** Settles what the effect has read, since it does not run: what stayed marked would stop later marks. */
function settleReads(effect: EffectNode): void {
  let edge = effect.id === 0 ? 0 : rt.slots[effect.id + SK_N_DEPS];
  for (; edge !== 0 && effect.id !== 0; edge = rt.slots[edge + SK_E_NEXT_DEP]) {
    const id = rt.slots[edge + SK_E_DEP];
    if ((rt.slots[id + SK_N_FLAGS] & SK_STALE) !== 0)
      settleIdle(rt.handles[id >> SLOT_SHIFT] as ComputedNode);
  }
}

/**
 * Runs the first `count` effects of RUN, or fewer: false when one of them made the list untrue, or when
 * the slice, if it is one, is over.
 */
export function runListed(count: number, slice: Slice | null): boolean {
  const markings = rt.markings;
  const header = rt.header;
  let effect: EffectNode | null = null;
  try {
    for (let i = 0; i < count; i++) {
      const id = rt.runWords[i];
      effect = rt.handles[id >> SLOT_SHIFT] as EffectNode | null;
      if (slice !== null && effect !== null && !slice.allows(id)) return false;
      header[SK_H_RUN_TAKEN] = i + 1;
      rt.slots[id + SK_N_FLAGS] &= ~SK_QUEUED;
      if (effect === null) continue;
      if (isEffectStale(effect) && mayRun(effect)) rerun(effect);
      if (rt.markings !== markings || rt.dirty) return false;
    }
  } catch (error) {
    /* Calls nothing: the stack may be full. */
    rt.interrupted = effect;
    throw error;
  }
  return true;
}

/** As `runListed`, of the effects that are due without the kernel knowing of it. */
function runFan(): boolean {
  const { header, markings } = rt;
  const { effects: count, plan } = fan;
  let effect: EffectNode | null = null;
  try {
    for (let i = 0; i < count; i++) {
      effect = due[i] as EffectNode;
      due[i] = null;
      if (effect.id === 0) continue;
      const isStale =
        plan !== null && header[SK_H_JOURNAL_LEN] === 0
          ? isStaleByPlan(plan, i)
          : isEffectStale(effect);
      if (isStale && mayRun(effect)) rerun(effect);
      if (rt.markings === markings && !rt.dirty) continue;
      handOver();
      return false;
    }
  } catch (error) {
    /* Calls nothing: the stack may be full. */
    rt.interrupted = effect;
    throw error;
  }
  fan.effects = 0;
  fan.plan = null;
  return true;
}

/** Runs what is due until nothing is, or until the slice is over. */
export function runDue(slice: Slice | null): void {
  do {
    if (slice === null && markHere()) {
      if (runFan()) return;
      continue;
    }
    const count = nextRun();
    const { calls } = rt;
    const isThrough = count === 0 || runListed(count, slice);
    const isLeft = countWaiting() > 0;
    if (!isLeft && rt.calls === calls) noteQuiet();
    /* Nothing was written, and the kernel has no more: it need not be asked. */
    if (count === 0 || (isThrough && !isLeft)) return;
  } while (slice === null || !slice.isOver);
}

/** Runs everything in one go. As the next ones it tells whether background work waits for a slice. */
export function runAll(): boolean {
  runDue(null);
  return false;
}

/** Runs what is due and not later than `upTo`, until nothing of that is. The rest stays due. */
export function runUpTo(upTo: number): boolean {
  rt.header[SK_H_UP_TO] = upTo;
  try {
    for (let count = nextRun(); count > 0; count = nextRun()) runListed(count, null);
  } finally {
    rt.header[SK_H_UP_TO] = LAST;
  }
  return rt.deferred;
}

/** How many effects are due, by the last list: those of it that were not taken, and those not in it. */
export function countWaiting(): number {
  const header = rt.header;
  return header[SK_H_QUEUED] + header[SK_H_RUN_LEN] - header[SK_H_RUN_TAKEN];
}
