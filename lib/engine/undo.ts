/**
 * The undo log of synchronous transactions. The kernel knows which signals each open transaction
 * wrote and which of them an inner one takes back; the old values are here, at the same index.
 */

import { setFrame } from "./frame.js";
import { publishVersion } from "./history.js";
import { SK_BLOCK_TXN, SK_H_TXN_CAP, SK_H_TXN_LEN, SK_N_PINS } from "./layout.js";
import { pin } from "./link.js";
import type { SignalNode, Source } from "./node.js";
import {
  confirmedBy,
  isShowing,
  keepConfirmed,
  movedInTime,
  showLeft,
  takeConfirmedBack,
} from "./optimistic.js";
import { type LogPart, parts } from "./parts.js";
import { touch } from "./pending.js";
import { requireRoom } from "./room.js";
import { afterCall, kernel, reserve, rt } from "./runtime.js";
import { endShowing } from "./staging.js";
import {
  logEffect,
  logEvaluation,
  logOnlooker,
  logRead,
  mergeView,
  openView,
  takeViewBack,
} from "./view.js";

/** Of each entry of the kernel's log: the signal and what it was. */
const signals: SignalNode[] = [];
const values: unknown[] = [];
const times: number[] = [];
/** The state to which a reversal would have gone back, -1 for none. */
const baseValues: unknown[] = [];
const baseTimes: number[] = [];

/** Of each open transaction: its number, and where its part of the log begins. */
interface Frame {
  readonly number: number;
  readonly signals: number;
  /** An asynchronous transaction has begun inside of it, which takes what it has written for committed. */
  isTaken: boolean;
}
const frames: Frame[] = [];
let numbers = 0;

/**
 * Remembers a signal before its first write in this frame. True: from now on a reversal goes back to
 * its present state, because the transaction may, and somebody has seen it.
 */
function logWrite(node: SignalNode): boolean {
  const write = node.write;
  if (write !== null && write.frame === rt.frame) return false;
  if (node.id === 0) pin(node);
  const header = rt.header;
  if (header[SK_H_TXN_LEN] >= header[SK_H_TXN_CAP]) reserve(SK_BLOCK_TXN, 1);
  const at = header[SK_H_TXN_LEN];
  rt.log[at] = node.id;
  rt.slots[node.id + SK_N_PINS]++;
  header[SK_H_TXN_LEN] = at + 1;
  signals[at] = node;
  values[at] = node.value;
  times[at] = node.changedAt;
  const base = node.seen === 0 ? write : null;
  baseValues[at] = base === null ? undefined : base.value;
  baseTimes[at] = base === null ? -1 : base.changedAt;
  return base === null;
}

const PART: LogPart = {
  write: logWrite,
  read: logRead,
  evaluation: logEvaluation,
  effect: logEffect,
  onlooker: logOnlooker,
  beginning: () => {
    for (const frame of frames) frame.isTaken = true;
  },
};

/**
 * Opens a transaction inside the innermost open one.
 *
 * @throws RangeError when the JavaScript stack might not do for ending it.
 */
export function beginTransaction(): void {
  requireRoom(rt.frame);
  kernel.txnBegin();
  parts.log = PART;
  frames.push({ number: ++numbers, signals: signals.length, isTaken: false });
  rt.frames = frames.length;
  openView();
  setFrame(numbers);
}

/** What the innermost transaction has written so far, with the present values. */
export function takeWrites(): Map<SignalNode, unknown> {
  const writes = new Map<SignalNode, unknown>();
  const frame = frames[frames.length - 1] as Frame;
  for (let i = frame.signals; i < signals.length; i++) {
    const node = signals[i] as SignalNode;
    writes.set(node, node.value);
  }
  return writes;
}

/** What the signals that the open transactions have written were before them. */
export function statesBefore(): Map<SignalNode, { value: unknown; changedAt: number }> {
  const before = new Map<SignalNode, { value: unknown; changedAt: number }>();
  signals.forEach((node, at) => {
    if (!before.has(node)) before.set(node, { value: values[at], changedAt: times[at] as number });
  });
  return before;
}

/** Whether exactly one transaction is open. */
export function isOutermost(): boolean {
  return frames.length === 1;
}

/** Whether the open transactions have written anything that is not taken back. */
export function hasWritten(): boolean {
  return signals.length > 0;
}

/** The signals that the open transactions have changed. */
export function changedSignals(): ReadonlySet<Source> {
  const before = new Map<SignalNode, number>();
  signals.forEach((node, at) => {
    if (!before.has(node)) before.set(node, times[at] as number);
  });
  const changed = new Set<Source>();
  for (const [node, time] of before) if (node.changedAt !== time) changed.add(node);
  return changed;
}

/** Returns the number of the transaction that ends. */
function leaveFrame(): number {
  const { number } = frames.pop() as Frame;
  rt.frames = frames.length;
  setFrame(frames.length > 0 ? (frames[frames.length - 1] as Frame).number : 0);
  return number;
}

function cutLog(length: number): void {
  signals.length = length;
  values.length = length;
  times.length = length;
  baseValues.length = length;
  baseTimes.length = length;
}

/** Keeps the writes of the innermost transaction: they become the outer one's. */
export function commitTransaction(): void {
  const left = kernel.txnCommit();
  afterCall();
  keepConfirmed(leaveFrame(), rt.frame);
  mergeView();
  if (frames.length > 0) return;
  endShowing();
  cutLog(left);
  rt.dirty = true;
}

/**
 * Puts a signal's time back, and the state to which a reversal goes back. A value that nobody had seen
 * gets a new time: a reversal inside may have given the signal an older one, and readers have looked. So does one
 * that is not what somebody has begun with, whose commit is in conflict then.
 */
function restoreTime(node: SignalNode, at: number, isTaken: boolean): void {
  const time = times[at] as number;
  const base = baseTimes[at] as number;
  const isNew = isTaken || (base >= 0 && base !== time);
  node.changedAt = isNew ? ++rt.clock : time;
  /* A marking inside may have passed over it, being where it was. */
  if (isNew) touch(node);
  node.seen = 0;
  if (rt.staging !== 0) {
    movedInTime(node, time);
    publishVersion(node);
  }
  if (node.write === null) return;
  node.write.value = base >= 0 ? baseValues[at] : values[at];
  node.write.changedAt = base >= 0 ? base : time;
}

function restoreSignals(from: number, end: number, isTaken: boolean): void {
  for (let i = end - 1; i >= from; i--) {
    const node = signals[i] as SignalNode;
    node.value = values[i];
    if (node.write !== null) node.write.frame = 0;
    restoreTime(node, i, isTaken);
  }
  cutLog(from);
}

/** Takes the writes of the innermost transaction back, the last one first. */
export function rollbackTransaction(): void {
  const end = rt.header[SK_H_TXN_LEN];
  const from = kernel.txnRollback();
  afterCall();
  const { isTaken, number } = frames[frames.length - 1] as Frame;
  /* In calls of their own, which V8 does not inline while nothing is shown: of the stack only so much is sure. */
  const shown = isShowing() ? [...signals.slice(from, end), ...confirmedBy(number)] : null;
  takeConfirmedBack(leaveFrame(), publishVersion);
  restoreSignals(from, end, isTaken);
  if (shown !== null) showLeft(shown, number, publishVersion);
  takeViewBack();
  if (frames.length === 0) endShowing();
  /* What runs from now on is later than all that was seen inside. */
  rt.clock++;
  rt.lazyClock++;
  rt.dirty = true;
}
