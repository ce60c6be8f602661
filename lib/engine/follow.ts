/**
 * Settling by a plan: as settle.ts does it, without following an edge.
 */
import { evaluate } from "./evaluate.js";
import { SK_H_JOURNAL_LEN, SK_N_FLAGS, SK_STALE } from "./layout.js";
import type { ComputedNode, EffectNode } from "./node.js";
import type { Look, Plan } from "./plan.js";
import { rt } from "./runtime.js";
import { isEffectStale, settleIdle } from "./settle.js";

/** Whether what ran just now has read something new, or made the kernel change or move its words. */
function isOver(slots: Int32Array, calls: number): boolean {
  return rt.slots !== slots || rt.calls !== calls || rt.header[SK_H_JOURNAL_LEN] !== 0;
}

/** Settles by the plan; returns whether something that effects[index] read has changed, as `isEffectStale` does. */
export function isStaleByPlan(plan: Plan, index: number): boolean {
  const { looks } = plan;
  const { calls, slots } = rt;
  const effect = plan.effects[index] as EffectNode;
  for (let at = plan.starts[index] as number; at < looks.length; at++) {
    const { dep, reader, isAgain, end } = looks[at] as Look;
    if (isAgain && (slots[dep.id + SK_N_FLAGS] & SK_STALE) !== 0) {
      settleIdle(dep as ComputedNode);
      if (isOver(slots, calls)) return isEffectStale(effect);
    }
    if (reader === null) {
      if (dep.changedAt > effect.validAt) return true;
      if (at === end) break;
    } else if (dep.changedAt > reader.validAt) {
      at = end;
      evaluate(reader);
      if (isOver(slots, calls)) return isEffectStale(effect);
    } else if (at === end) {
      reader.validAt = rt.clock;
      slots[reader.id + SK_N_FLAGS] &= ~SK_STALE;
    }
  }
  effect.validAt = rt.clock;
  return false;
}
