/**
 * The journal: what the kernel has to know and need not know yet. Entries are written without a call; the
 * kernel takes them when it next has to know. Here are those of effects; links are written by link.ts.
 */
import {
  SK_BLOCK_FRESH,
  SK_BLOCK_JOURNAL,
  SK_H_FRESH_LEN,
  SK_H_JOURNAL_CAP,
  SK_H_JOURNAL_LEN,
  SK_N_GENERATION,
  SK_OP_DISPOSE,
  SK_OP_EFFECT,
  SK_OP_WAKE,
} from "./layout.js";
import type { EffectNode, Handle } from "./node.js";
import { reserve, rt, SLOT_SHIFT, sync } from "./runtime.js";

/** Ids that a sync leaves in FRESH; a wider node asks for its own number. */
export const FRESH_AFTER_SYNC = 256;

/** Makes room for an entry of `words` words and `ids` new ids. */
export function ensure(words: number, ids: number): void {
  const header = rt.header;
  if (header[SK_H_FRESH_LEN] < ids) {
    if (ids <= FRESH_AFTER_SYNC) sync();
    if (header[SK_H_FRESH_LEN] < ids) reserve(SK_BLOCK_FRESH, ids);
  }
  if (header[SK_H_JOURNAL_LEN] + words > header[SK_H_JOURNAL_CAP]) {
    sync();
    if (words > header[SK_H_JOURNAL_CAP]) reserve(SK_BLOCK_JOURNAL, words);
  }
}

/** Takes an id for `node`; `ensure` has made sure that there is one. */
export function take(node: Handle): number {
  const left = rt.header[SK_H_FRESH_LEN] - 1;
  const id = rt.fresh[left];
  rt.header[SK_H_FRESH_LEN] = left;
  rt.handles[id >> SLOT_SHIFT] = node;
  node.id = id;
  return id;
}

function writeShort(op: number, id: number, last: number): void {
  const journal = rt.journal;
  const at = rt.header[SK_H_JOURNAL_LEN];
  if (op !== SK_OP_WAKE) rt.structure++;
  journal[at] = op;
  journal[at + 1] = id;
  journal[at + 2] = last;
  rt.header[SK_H_JOURNAL_LEN] = at + 3;
}

/** A new effect, the last in creation order. */
export function enterEffect(effect: EffectNode, priority: number): void {
  ensure(3, 1);
  const id = take(effect);
  writeShort(SK_OP_EFFECT, id, priority);
}

/** A new effect that is due from the start. Both or neither. */
export function enterDueEffect(effect: EffectNode, priority: number): void {
  ensure(6, 1);
  const id = take(effect);
  writeShort(SK_OP_EFFECT, id, priority);
  writeShort(SK_OP_WAKE, id, rt.slots[id + SK_N_GENERATION]);
}

/** Entries of three words for which there was no room: the next flush begins with them. */
const owed: number[] = [];

/** As writeShort; without room for it now it is written later. */
function writeOrOwe(op: number, effect: EffectNode): void {
  const generation = rt.slots[effect.id + SK_N_GENERATION];
  try {
    ensure(3, 0);
    writeShort(op, effect.id, generation);
  } catch {
    owed.push(op, effect.id, generation);
  }
}

/** Whether a flush has something to do that the kernel does not know of yet. */
export function isOwing(): boolean {
  return owed.length > 0 || rt.interrupted !== null;
}

/** To be called at the beginning of a flush. What finds no room again is owed still. */
export function payOwed(): void {
  if (rt.interrupted !== null) {
    if (rt.interrupted.id !== 0) oweRun(rt.interrupted);
    rt.interrupted = null;
  }
  while (owed.length > 0) {
    ensure(3, 0);
    const [op, id, generation] = owed.splice(-3) as [number, number, number];
    writeShort(op, id, generation);
  }
}

/**
 * The run of an effect was cut short, so that it may not depend on all that it has read: it runs again, in
 * another flush than the one under way.
 */
export function oweRun(effect: EffectNode): void {
  effect.validAt = -1;
  if (!rt.flushing) rt.dirty = true;
  owed.push(SK_OP_WAKE, effect.id, rt.slots[effect.id + SK_N_GENERATION]);
}

/** The effect leaves the kernel; its slot is free again once nothing names it. */
export function leaveEffect(effect: EffectNode): void {
  writeOrOwe(SK_OP_DISPOSE, effect);
  rt.handles[effect.id >> SLOT_SHIFT] = null;
  effect.id = 0;
}

/** As `wakeEffect`, without fail: where there is no room for that now it becomes due in the next flush. */
export function wakeLater(effect: EffectNode): void {
  writeOrOwe(SK_OP_WAKE, effect);
  rt.dirty = true;
}

/** The effect becomes due, and looks whether it has to run. */
export function wakeEffect(effect: EffectNode): void {
  ensure(3, 0);
  writeShort(SK_OP_WAKE, effect.id, rt.slots[effect.id + SK_N_GENERATION]);
  rt.dirty = true;
}
