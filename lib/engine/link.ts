/**
 * Linking: how the kernel learns about nodes and what they read. Entries go to the journal without a
 * call; the kernel takes them when it next has to know.
 *
 * A signal or computed gets its id here, when an observer first reads it ("activation"). A computed's
 * own dependencies then become observed too, in a loop, not by recursion.
 */
import {
  SK_BLOCK_FRESH,
  SK_BLOCK_JOURNAL,
  SK_BLOCK_SLOTS,
  SK_COMPUTED,
  SK_CYCLIC,
  SK_H_FRESH_LEN,
  SK_H_JOURNAL_CAP,
  SK_H_JOURNAL_LEN,
  SK_N_FLAGS,
  SK_N_GENERATION,
  SK_OP_DISPOSE,
  SK_OP_EFFECT,
  SK_OP_LINK,
  SK_OP_WAKE,
  SK_RELINKED,
  SK_SIGNAL,
  SK_STALE,
} from "./layout.js";
import {
  type ComputedNode,
  CYCLIC,
  type EffectNode,
  type Handle,
  NO_DEPS,
  type Reader,
  type Source,
} from "./node.js";
import { touch } from "./pending.js";
import { reserve, rt, SLOT_SHIFT, sync } from "./runtime.js";

/** Ids that a sync leaves in FRESH; a wider node asks for its own number. */
const FRESH_AFTER_SYNC = 256;

/** Makes room for an entry of `words` words and `ids` new ids. */
function ensure(words: number, ids: number): void {
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

/**
 * Makes room for a LINK entry of `count` sources. One that is so wide that it may never find its edges is
 * refused here, to its reader: in the journal it would be in the way of all others. What waits there may
 * give back what it needs.
 */
function ensureLink(count: number): void {
  const isWide = count > FRESH_AFTER_SYNC;
  if (isWide) sync();
  ensure(count + 5, count);
  if (isWide) reserve(SK_BLOCK_SLOTS, count);
}

/** Takes an id for `node`; `ensure` has made sure that there is one. */
function take(node: Handle): number {
  const left = rt.header[SK_H_FRESH_LEN] - 1;
  const id = rt.fresh[left];
  rt.header[SK_H_FRESH_LEN] = left;
  rt.handles[id >> SLOT_SHIFT] = node;
  node.id = id;
  return id;
}

/** Says that the node may be one of a circle, which the kernel must look for when it loses a reader. */
export function markCyclic(node: ComputedNode): void {
  node.state |= CYCLIC;
  if (node.id !== 0) rt.slots[node.id + SK_N_FLAGS] |= SK_CYCLIC;
}

/** Gives a source an id. Its links, if it is a computed, are the caller's to write. */
function activate(node: Source): void {
  const id = take(node);
  rt.slots[id + SK_N_FLAGS] = node.computed ? SK_COMPUTED : SK_SIGNAL;
  if (node.computed && (node.state & CYCLIC) !== 0) markCyclic(node);
}

/** Gives a signal an id although nobody observes it: an open transaction names it. */
export function pin(node: Source): void {
  ensure(0, 1);
  activate(node);
}

/** Computeds that got an id and whose links are not written yet: they have their list in `deps` still. */
const activated: ComputedNode[] = [];

/** Whether the kernel's list of what `reader` reads waits for a LINK entry in the journal. */
export function isRelinked(reader: Reader): boolean {
  return (rt.slots[reader.id + SK_N_FLAGS] & SK_RELINKED) !== 0;
}

/** One LINK entry: the dependencies of `reader` after the edge `keep` become deps[from, to). */
function writeLink(
  reader: Reader,
  keep: number,
  deps: readonly (Source | null)[],
  from: number,
  to: number,
): void {
  const count = to - from;
  ensureLink(count);
  const journal = rt.journal;
  let at = rt.header[SK_H_JOURNAL_LEN];
  journal[at++] = SK_OP_LINK;
  journal[at++] = reader.id;
  journal[at++] = rt.slots[reader.id + SK_N_GENERATION];
  journal[at++] = keep;
  journal[at++] = count;
  for (let i = from; i < to; i++) {
    const dep = deps[i] as Source;
    if (dep.id === 0) {
      activate(dep);
      if (dep.computed) activated.push(dep);
    }
    journal[at++] = dep.id;
    /* It changed after it was read: the marking may have come before this link. */
    if (dep.changedAt > reader.validAt) touch(dep);
  }
  rt.header[SK_H_JOURNAL_LEN] = at;
  rt.slots[reader.id + SK_N_FLAGS] |= SK_RELINKED;
}

/**
 * Tells the kernel what an observed reader reads: deps[from, to) after the edge `keep` (0: after
 * none). Sources that were not observed become so, with everything behind them.
 */
export function link(
  reader: Reader,
  keep: number,
  deps: readonly (Source | null)[],
  from: number,
  to: number,
): void {
  try {
    writeLink(reader, keep, deps, from, to);
    while (activated.length > 0) linkActivated(activated[activated.length - 1] as ComputedNode);
  } catch (error) {
    /* Nothing would ever mark those whose links are missing: they run again when they are read. */
    for (const node of activated) {
      node.validAt = -1;
      if (node.id !== 0) rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
    }
    activated.length = 0;
    throw error;
  }
}

/** Writes the links of the last of those that were activated. */
function linkActivated(node: ComputedNode): void {
  const own = node.deps;
  ensureLink(own.length);
  activated.pop();
  /* Released by the call that made the room: nobody observes it any more. */
  if (node.id === 0) return;
  if (own.length > 0) writeLink(node, 0, own, 0, own.length);
  node.deps = NO_DEPS;
}

function writeShort(op: number, id: number, last: number): void {
  const journal = rt.journal;
  const at = rt.header[SK_H_JOURNAL_LEN];
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

/** The effect becomes due, and looks whether it has to run. */
export function wakeEffect(effect: EffectNode): void {
  ensure(3, 0);
  writeShort(SK_OP_WAKE, effect.id, rt.slots[effect.id + SK_N_GENERATION]);
  rt.dirty = true;
}
