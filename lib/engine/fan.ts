/**
 * Marking without the kernel. A call costs as much as following some thirty edges here, so what has
 * few readers is followed here, over the same words, and the effects that are found are due without the
 * kernel knowing of it. It is for a flush that begins with everything done: the kernel has no effect
 * in its queue, and no entry in its journal.
 *
 * Marks are as the kernel leaves them: whatever reads a stale computed is stale, or due. Where there is more
 * behind what was written than the caller allows, the marks are taken back, and the kernel does it.
 */
import { wakeLater } from "./journal.js";
import {
  SK_COMPUTED,
  SK_E_NEXT_SUB,
  SK_E_SUB,
  SK_N_FLAGS,
  SK_N_ORDER_HIGH,
  SK_N_ORDER_LOW,
  SK_N_PRIORITY,
  SK_N_SUBS,
  SK_QUEUED,
  SK_STALE,
  SK_TAG_MASK,
} from "./layout.js";
import { type EffectNode, type SignalNode, WIDE, type Write } from "./node.js";
import type { Plan } from "./plan.js";
import { rt, SLOT_SHIFT } from "./runtime.js";

/** Edges that are followed at most, and for a plan. */
export const FEW_EDGES = 32;
export const MANY_EDGES = 4096;

/** The computeds that were marked: marked[0, fan.computeds). */
export const marked = new Int32Array(MANY_EDGES);

/** The effects that are due: due[0, fan.effects), in the order in which they run once they are sorted; null: one that was taken. */
export const due: (EffectNode | null)[] = [];
export const fan = { effects: 0, computeds: 0, plan: null as Plan | null };

/**
 * Marks what is behind what was written, and lists the effects that are due, in no order. None may be listed
 * still. The JavaScript stack may be full, and every call of a function throw: so it calls none, and is done
 * wholly or not at all.
 *
 * @param writes writes[0, count) are the signals that were written.
 * @param limit FEW_EDGES or MANY_EDGES.
 * @returns Whether it was little enough. Otherwise nothing is marked, and nothing due.
 */
export function markFan(writes: readonly Write[], count: number, limit: number): boolean {
  const { slots, handles } = rt;
  let computeds = 0;
  let visited = 0;
  let effects = 0;
  let edges = 0;
  for (let i = 0; i < count && edges < limit; i++) {
    const { node: signal, first } = writes[i] as { node: SignalNode; first: number };
    if (signal.id === 0 || signal.changedAt === first) continue;
    if ((signal.traits & WIDE) !== 0 && limit === FEW_EDGES) edges = limit;
    for (let node = signal.id; edges < limit; node = marked[visited++]) {
      let edge = slots[node + SK_N_SUBS];
      for (; edge !== 0 && edges < limit; edge = slots[edge + SK_E_NEXT_SUB]) {
        edges++;
        const reader = slots[edge + SK_E_SUB];
        const flags = slots[reader + SK_N_FLAGS];
        if ((flags & SK_TAG_MASK) !== SK_COMPUTED) {
          if ((flags & SK_QUEUED) !== 0) continue;
          slots[reader + SK_N_FLAGS] = flags | SK_QUEUED;
          due[effects++] = handles[reader >> SLOT_SHIFT] as EffectNode;
        } else if ((flags & SK_STALE) === 0) {
          slots[reader + SK_N_FLAGS] = flags | SK_STALE;
          marked[computeds++] = reader;
        }
      }
      if (visited === computeds) break;
    }
    if (edges === limit) signal.traits |= WIDE;
  }
  for (let i = 0; i < effects; i++) slots[(due[i] as EffectNode).id + SK_N_FLAGS] &= ~SK_QUEUED;
  if (edges < limit) {
    fan.effects = effects;
    fan.computeds = computeds;
    return true;
  }
  while (computeds > 0) slots[marked[--computeds] + SK_N_FLAGS] &= ~SK_STALE;
  while (effects > 0) due[--effects] = null;
  return false;
}

/** Orders effects as they run, by priority, then by creation: negative when `one` runs before `other`. */
function compare(one: EffectNode | null, other: EffectNode | null): number {
  const { slots } = rt;
  const a = (one as EffectNode).id;
  const b = (other as EffectNode).id;
  return (
    slots[a + SK_N_PRIORITY] - slots[b + SK_N_PRIORITY] ||
    (slots[a + SK_N_ORDER_HIGH] >>> 0) - (slots[b + SK_N_ORDER_HIGH] >>> 0) ||
    (slots[a + SK_N_ORDER_LOW] >>> 0) - (slots[b + SK_N_ORDER_LOW] >>> 0)
  );
}

/** Puts what is due in the order in which it runs. */
export function sortDue(): void {
  const count = fan.effects;
  let isSorted = true;
  for (let i = 1; i < count && isSorted; i++)
    isSorted = compare(due[i - 1] as EffectNode, due[i] as EffectNode) < 0;
  if (isSorted) return;
  /* A copy: when the stack is full, nothing is missing. */
  const sorted = due.slice(0, count).sort(compare);
  for (let i = 0; i < count; i++) due[i] = sorted[i] as EffectNode;
}

/** The kernel is about to mark, or to list what is due: what is due here is so there from now on. */
export function handOver(): void {
  for (let i = 0; i < fan.effects; i++) {
    const effect = due[i] as EffectNode | null;
    if (effect !== null && effect.id !== 0) wakeLater(effect);
    due[i] = null;
  }
  fan.effects = 0;
  fan.plan = null;
}
