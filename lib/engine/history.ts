/**
 * What signals were when the open asynchronous transactions began. A transaction reads the committed
 * state as of its beginning, whatever is committed while it works: multi-version concurrency control,
 * of which only the versions are kept that an open transaction may still ask for.
 *
 * Time is the clock of writes. A version (value, from) is what the signal was from `from` on, until
 * the next newer one; the newest is the signal's own.
 */
import { SK_N_VERSION, SK_V_HIGH, SK_V_LOW } from "./layout.js";
import type { SignalNode } from "./node.js";
import { committedAt, committedValue, confirmLayers, isOverlaid } from "./optimistic.js";
import { rt } from "./runtime.js";

interface Version {
  readonly value: unknown;
  readonly from: number;
}

/** Older versions of signals, the oldest first. */
const histories = new Map<SignalNode, Version[]>();

/** A transaction as the history knows it. */
export interface Beginning {
  readonly began: number;
  open: boolean;
  /** Of one that has ended: all from it up to this place have ended. */
  next: number;
}

/** When each open transaction began, in order, and for a while that of those that have ended. */
let beginnings: Beginning[] = [];
let ended = 0;

/** A transaction begins now: what is committed from now on, it does not see. */
export function beginReading(): Beginning {
  const beginning = { began: rt.clock, open: true, next: beginnings.length + 1 };
  beginnings.push(beginning);
  return beginning;
}

/** Nobody needs what only that transaction could ask for. */
export function endReading(beginning: Beginning): void {
  beginning.open = false;
  ended++;
  if (ended * 2 <= beginnings.length) return;
  beginnings = beginnings.filter(({ open }) => open);
  for (let i = 0; i < beginnings.length; i++) (beginnings[i] as Beginning).next = i + 1;
  ended = 0;
  if (beginnings.length === 0) histories.clear();
}

/** The value of a signal as of the time `began` of an open transaction. */
export function valueAt(node: SignalNode, began: number): unknown {
  if (committedAt(node) <= began) return committedValue(node);
  const versions = histories.get(node) ?? [];
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i] as Version;
    if (version.from <= began) return version.value;
  }
  /* It is younger than the transaction: what it is now is the first that it ever was. */
  return committedValue(node);
}

/** The first open transaction from a place on. Those that have ended are stepped over together the next time. */
function firstOpen(from: number): Beginning | undefined {
  let at = from;
  while (beginnings[at]?.open === false) at = (beginnings[at] as Beginning).next;
  for (let i = from; i < at; ) {
    const passed = beginnings[i] as Beginning;
    i = passed.next;
    passed.next = at;
  }
  return beginnings[at];
}

/** Whether an open transaction began in [from, to). */
function isWanted(from: number, to: number): boolean {
  let low = 0;
  let high = beginnings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beginnings[middle] as Beginning).began < from) low = middle + 1;
    else high = middle;
  }
  const first = firstOpen(low);
  return first !== undefined && first.began < to;
}

/** Drops the versions that nobody can ask for any more. */
function prune(versions: Version[], end: number): void {
  let kept = 0;
  for (let i = 0; i < versions.length; i++) {
    const version = versions[i] as Version;
    const to = i + 1 < versions.length ? (versions[i + 1] as Version).from : end;
    if (isWanted(version.from, to)) versions[kept++] = version;
  }
  versions.length = kept;
}

/**
 * To be called before each write of a signal while transactions are open. Returns whether it commits
 * even as a reversal: what it goes back to may only have been hoped for.
 */
export function keepVersion(node: SignalNode): boolean {
  if (rt.showing !== 0) return false;
  keepCommitted(node);
  return isOverlaid(node);
}

function keepCommitted(node: SignalNode): void {
  const from = committedAt(node);
  if (!isWanted(from, Number.POSITIVE_INFINITY)) return;
  let versions = histories.get(node);
  if (versions === undefined) {
    versions = [];
    histories.set(node, versions);
  }
  const newest = versions[versions.length - 1];
  if (newest !== undefined && newest.from >= from) return;
  if (versions.length >= 8 && (versions.length & (versions.length - 1)) === 0)
    prune(versions, from);
  versions.push({ value: committedValue(node), from });
}

/**
 * Tells the kernel when a signal that transactions have touched was last committed. To be called after
 * each write while transactions are open.
 */
export function publishVersion(node: SignalNode): void {
  if (node.id === 0 || rt.showing !== 0) return;
  const record = rt.slots[node.id + SK_N_VERSION];
  if (record === 0) return;
  const at = committedAt(node);
  rt.versions[record + SK_V_LOW] = at | 0;
  rt.versions[record + SK_V_HIGH] = Math.floor(at / 2 ** 32);
}

/** A plain write that changed nothing, while transactions are open. */
export function confirmVersion(node: SignalNode): void {
  if (rt.showing !== 0) return;
  keepCommitted(node);
  if (confirmLayers(node)) publishVersion(node);
}
