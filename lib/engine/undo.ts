/**
 * The undo log of synchronous transactions. The kernel knows which signals each open transaction
 * wrote and which of them an inner one takes back; the old values are here, at the same index.
 *
 * A computed that ran inside is put back as well: it may have seen what is taken back, and its
 * readers must not notice that it ever did.
 */
import {
  SK_BLOCK_TXN,
  SK_H_TXN_CAP,
  SK_H_TXN_LEN,
  SK_N_FLAGS,
  SK_N_PINS,
  SK_STALE,
} from "./layout.js";
import { isRelinked, link, pin, wakeEffect } from "./link.js";
import {
  type ComputedNode,
  type EffectNode,
  EVALUATED,
  FAILED,
  type SignalNode,
  type Source,
} from "./node.js";
import { touch } from "./pending.js";
import { afterCall, dependenciesOf, kernel, reserve, rt, sync } from "./runtime.js";

/** Of each entry of the kernel's log: the signal and what it was. */
const signals: SignalNode[] = [];
const values: unknown[] = [];
const times: number[] = [];
/** The state to which a reversal would have gone back, -1 for none. */
const baseValues: unknown[] = [];
const baseTimes: number[] = [];

/** A computed as it was before it first ran in a frame. */
interface Evaluation {
  readonly node: ComputedNode;
  readonly value: unknown;
  readonly state: number;
  readonly changedAt: number;
  readonly validAt: number;
  readonly deps: Source[];
}
const evaluations: Evaluation[] = [];
/** An effect that was created inside, and the states of the sources that it has seen. */
interface Witness {
  readonly effect: EffectNode;
  readonly sources: readonly Source[];
  readonly times: readonly number[];
}
const effects: Witness[] = [];

/** Of each open transaction: its number, and where its part of the lists begins. */
interface Frame {
  readonly number: number;
  readonly signals: number;
  readonly evaluated: Set<ComputedNode>;
  readonly evaluations: number;
  readonly effects: number;
}
const frames: Frame[] = [];
let numbers = 0;

/**
 * Remembers a signal before its first write in this frame. True: from now on a reversal goes back to
 * its present state, because the transaction may, and somebody has seen it.
 */
export function logWrite(node: SignalNode): boolean {
  if (node.frame === rt.frame) return false;
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
  const hasBase = node.write !== null && node.seen === 0;
  baseValues[at] = hasBase ? node.write?.value : undefined;
  baseTimes[at] = hasBase ? (node.write?.changedAt ?? -1) : -1;
  node.frame = rt.frame;
  return !hasBase;
}

/** Remembers a computed before its first run in this frame. A transaction must be open. */
export function logEvaluation(node: ComputedNode): void {
  const frame = frames[frames.length - 1] as Frame;
  if (frame.evaluated.has(node)) return;
  if (node.id !== 0 && isRelinked(node)) sync();
  const { value, state, changedAt, validAt } = node;
  const deps = node.id !== 0 ? dependenciesOf(node.id) : node.deps;
  evaluations.push({ node, value, state, changedAt, validAt, deps });
  frame.evaluated.add(node);
}

/**
 * Remembers an effect that was created inside, and what it has read: it may have seen what is taken
 * back. `times` are the `changedAt` of the sources when they were read.
 */
export function logEffect(effect: EffectNode, sources: Source[], times: number[]): void {
  effects.push({ effect, sources, times });
}

function restoreEvaluation(old: Evaluation): void {
  const node = old.node;
  const restored = EVALUATED | FAILED;
  node.state = (node.state & ~restored) | (old.state & restored);
  node.value = old.value;
  node.changedAt = old.changedAt;
  node.validAt = old.validAt;
  if (node.id === 0) {
    node.deps = old.deps;
  } else {
    link(node, 0, old.deps, 0, old.deps.length);
    recheck(node);
  }
}

/** Whoever looks checks the computed against what it read, as before the transaction. */
function recheck(node: ComputedNode): void {
  rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
  touch(node);
}

/** Opens a transaction inside the innermost open one. */
export function beginTransaction(): void {
  kernel.txnBegin();
  frames.push({
    number: ++numbers,
    signals: signals.length,
    evaluated: new Set(),
    evaluations: evaluations.length,
    effects: effects.length,
  });
  rt.frame = numbers;
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

function leaveFrame(): Frame {
  const frame = frames.pop() as Frame;
  rt.frame = frames.length > 0 ? (frames[frames.length - 1] as Frame).number : 0;
  return frame;
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
  leaveFrame();
  if (frames.length > 0) return;
  cutLog(left);
  evaluations.length = 0;
  effects.length = 0;
  rt.dirty = true;
}

/**
 * Puts a signal's time back, and the state to which a reversal goes back. A value that nobody had seen
 * gets a new time: a reversal inside may have given the signal an older one, and readers have looked.
 */
function restoreTime(node: SignalNode, at: number): void {
  const time = times[at] as number;
  const base = baseTimes[at] as number;
  const wasUnseen = base >= 0 && base !== time;
  node.changedAt = wasUnseen ? ++rt.clock : time;
  /* A marking inside may have passed over it, being where it was. */
  if (wasUnseen) touch(node);
  node.seen = 0;
  if (node.write === null) return;
  node.write.value = base >= 0 ? baseValues[at] : values[at];
  node.write.changedAt = base >= 0 ? base : time;
}

function restoreSignals(from: number, end: number): void {
  for (let i = end - 1; i >= from; i--) {
    const node = signals[i] as SignalNode;
    node.value = values[i];
    node.frame = 0;
    restoreTime(node, i);
  }
  cutLog(from);
}

function restoreEvaluations(from: number): void {
  for (let i = evaluations.length - 1; i >= from; i--)
    restoreEvaluation(evaluations[i] as Evaluation);
  evaluations.length = from;
}

/** Wakes the effects that were created inside and have seen something that is put back. */
function wakeDeceived(from: number): void {
  for (let i = from; i < effects.length; i++) {
    const { effect, sources, times } = effects[i] as Witness;
    if (effect.id === 0 || sources.every((source, at) => isAsSeen(source, times[at] as number)))
      continue;
    effect.validAt = -1;
    wakeEffect(effect);
  }
  /* An outer transaction may still take back what they have seen of its writes. */
  if (frames.length === 0) effects.length = 0;
}

/** Whether a source is what it was. A computed that has not run tells its readers by itself. */
function isAsSeen(source: Source, time: number): boolean {
  return source.changedAt === time || (source.computed && (source.state & EVALUATED) === 0);
}

/** Takes the writes of the innermost transaction back, the last one first. */
export function rollbackTransaction(): void {
  const end = rt.header[SK_H_TXN_LEN];
  const from = kernel.txnRollback();
  afterCall();
  const frame = leaveFrame();
  restoreSignals(from, end);
  restoreEvaluations(frame.evaluations);
  wakeDeceived(frame.effects);
  /* What runs from now on is later than all that was seen inside. */
  rt.clock++;
  rt.dirty = true;
}
