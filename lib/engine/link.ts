/**
 * Linking: how the kernel learns about nodes and what they read. Entries go to the journal without a
 * call; the kernel takes them when it next has to know.
 *
 * A signal or computed gets its id here, when an observer first reads it ("activation"). A computed's
 * own dependencies then become observed too, in a loop, not by recursion.
 */
import { ensure, FRESH_AFTER_SYNC, take } from "./journal.js";
import {
  SK_BLOCK_SLOTS,
  SK_COMPUTED,
  SK_CYCLIC,
  SK_H_JOURNAL_LEN,
  SK_N_FLAGS,
  SK_N_GENERATION,
  SK_OP_LINK,
  SK_RELINKED,
  SK_SIGNAL,
  SK_STALE,
} from "./layout.js";
import { type ComputedNode, CYCLIC, NO_DEPS, type Reader, type Source, WIDE } from "./node.js";
import { touch } from "./pending.js";
import { reserve, rt, sync } from "./runtime.js";

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

/** Says that the node may be one of a circle, which the kernel must look for when it loses a reader. */
export function markCyclic(node: ComputedNode): void {
  node.state |= CYCLIC;
  if (node.id !== 0) rt.slots[node.id + SK_N_FLAGS] |= SK_CYCLIC;
}

/** Gives a source an id. Its links, if it is a computed, are the caller's to write. */
function activate(node: Source): void {
  const id = take(node);
  rt.slots[id + SK_N_FLAGS] = node.computed ? SK_COMPUTED : SK_SIGNAL;
  if (!node.computed) node.traits &= ~WIDE;
  else if ((node.state & CYCLIC) !== 0) markCyclic(node);
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
  rt.structure++;
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
