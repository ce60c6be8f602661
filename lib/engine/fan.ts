/**
 * Marking without the kernel. A call costs as much as following some thirty edges here, so what has
 * few readers is followed here, over the same words, and the effects that are found are due without the
 * kernel knowing of it. It is for a flush that begins with everything done: the kernel has no effect
 * in its queue, and no entry in its journal.
 *
 * Marks are as the kernel leaves them: whatever reads a stale computed is stale, or due. Where there is more
 * than a little behind what was written, the marks are taken back, and the kernel does it.
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
  SK_STALE,
  SK_TAG_MASK,
} from "./layout.js";
import type { EffectNode } from "./node.js";
import { rt, SLOT_SHIFT } from "./runtime.js";

/** Edges that are followed at most. */
const LIMIT = 32;

/** The computeds that were marked: marked[0, computeds). */
const marked = new Int32Array(LIMIT);
/** The effects that are due, in the order in which they run: due[0, effects). */
const due: (EffectNode | null)[] = [];
/** How many there are, and how many edges were followed. */
const fan = { computeds: 0, effects: 0, edges: 0 };

/** Begins with nothing marked and nothing due. */
export function beginFan(): void {
  fan.computeds = 0;
  fan.effects = 0;
  fan.edges = 0;
}

/** Takes the marks back. */
export function undoFan(): void {
  for (let i = 0; i < fan.computeds; i++) rt.slots[marked[i] + SK_N_FLAGS] &= ~SK_STALE;
  due.fill(null, 0, fan.effects);
  fan.effects = 0;
}

/** The kernel is about to mark, or to list what is due: what is due here is so there from now on. */
export function handOver(): void {
  for (let i = 0; i < fan.effects; i++) {
    const effect = due[i] as EffectNode | null;
    due[i] = null;
    if (effect !== null && effect.id !== 0) wakeLater(effect);
  }
  fan.effects = 0;
}

/** Whether an effect runs before another: by priority, then by creation. */
function isBefore(a: number, b: number): boolean {
  const { slots } = rt;
  if (slots[a + SK_N_PRIORITY] !== slots[b + SK_N_PRIORITY])
    return slots[a + SK_N_PRIORITY] < slots[b + SK_N_PRIORITY];
  if (slots[a + SK_N_ORDER_HIGH] !== slots[b + SK_N_ORDER_HIGH])
    return slots[a + SK_N_ORDER_HIGH] >>> 0 < slots[b + SK_N_ORDER_HIGH] >>> 0;
  return slots[a + SK_N_ORDER_LOW] >>> 0 < slots[b + SK_N_ORDER_LOW] >>> 0;
}

/** Puts an effect to its place among those that are due, unless it is there. */
function addDue(effect: EffectNode): void {
  const count = fan.effects;
  for (let i = 0; i < count; i++) if (due[i] === effect) return;
  let at = count;
  for (; at > 0 && isBefore(effect.id, (due[at - 1] as EffectNode).id); at--)
    due[at] = due[at - 1] as EffectNode;
  due[at] = effect;
  fan.effects = count + 1;
}

/** Marks what is behind a source. False when that is too much for here; some of it is marked then. */
export function markFan(source: number): boolean {
  const { slots, handles } = rt;
  let { computeds, edges } = fan;
  let next = computeds;
  let node = source;
  for (;;) {
    for (let edge = slots[node + SK_N_SUBS]; edge !== 0; edge = slots[edge + SK_E_NEXT_SUB]) {
      const reader = slots[edge + SK_E_SUB];
      const flags = slots[reader + SK_N_FLAGS];
      if ((flags & SK_TAG_MASK) !== SK_COMPUTED) {
        addDue(handles[reader >> SLOT_SHIFT] as EffectNode);
      } else if ((flags & SK_STALE) === 0) {
        slots[reader + SK_N_FLAGS] = flags | SK_STALE;
        marked[computeds++] = reader;
      }
      edges++;
      if (edges === LIMIT) {
        fan.computeds = computeds;
        return false;
      }
    }
    if (next === computeds) break;
    node = marked[next++];
  }
  fan.computeds = computeds;
  fan.edges = edges;
  return true;
}

/** How many effects are due. */
export function countDue(): number {
  return fan.effects;
}

/** The `at`th of the effects that are due, counted from 0. It is not due any more. */
export function takeDue(at: number): EffectNode {
  const effect = due[at] as EffectNode;
  due[at] = null;
  return effect;
}
