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
  type Failure,
  type SignalNode,
  type Source,
} from "./node.js";
import { touch } from "./pending.js";
import { afterCall, dependenciesOf, kernel, reserve, rt, sync } from "./runtime.js";

/** Of each entry of the kernel's log: the signal and what it was. */
const signals: SignalNode[] = [];
const values: unknown[] = [];
const times: number[] = [];
/** Clock of the write that follows. */
const since: number[] = [];

/** A computed as it was before it first ran in a frame. */
interface Evaluation {
  readonly node: ComputedNode;
  readonly value: unknown;
  readonly failure: Failure | null;
  readonly state: number;
  readonly changedAt: number;
  readonly validAt: number;
  /** Clock of the run that follows. */
  readonly since: number;
  readonly deps: Source[];
}
const evaluations: Evaluation[] = [];
const effects: EffectNode[] = [];

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

/** Remembers a signal before its first write in this frame. */
export function logWrite(node: SignalNode): void {
  if (node.frame === rt.frame) return;
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
  since[at] = rt.clock + 1;
  node.frame = rt.frame;
}

/** Remembers a computed before its first run in this frame. A transaction must be open. */
export function logEvaluation(node: ComputedNode): void {
  const frame = frames[frames.length - 1] as Frame;
  if (frame.evaluated.has(node)) return;
  if (node.id !== 0 && isRelinked(node)) sync();
  const { value, failure, state, changedAt, validAt } = node;
  const deps = node.id !== 0 ? dependenciesOf(node.id) : node.deps;
  const since = rt.clock;
  evaluations.push({ node, value, failure, state, changedAt, validAt, since, deps });
  frame.evaluated.add(node);
}

/** Remembers an effect that was created inside: it has seen what may be taken back. */
export function logEffect(effect: EffectNode): void {
  if (rt.frame !== 0) effects.push(effect);
}

/**
 * Puts a computed back; true when readers have seen another value of it. One that ran for the first
 * time has nothing to go back to: its readers find that out by themselves.
 */
function restoreEvaluation(old: Evaluation): boolean {
  const node = old.node;
  const changed = node.changedAt !== old.changedAt && (old.state & EVALUATED) !== 0;
  node.state = (node.state & ~EVALUATED) | (old.state & EVALUATED);
  node.value = old.value;
  node.failure = old.failure;
  node.changedAt = old.changedAt;
  node.validAt = old.validAt;
  if (node.id === 0) {
    node.deps = old.deps;
  } else {
    link(node, 0, old.deps, 0, old.deps.length);
    recheck(node);
  }
  return changed;
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
  since.length = length;
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

/** Sources that are put back to another value, and since when they had it. */
type Restored = Map<Source, number>;

function restoreSignals(from: number, end: number, restored: Restored): void {
  for (let i = end - 1; i >= from; i--) {
    const node = signals[i] as SignalNode;
    if (node.changedAt !== times[i]) restored.set(node, since[i] as number);
    node.value = values[i];
    node.changedAt = times[i] as number;
    node.frame = 0;
  }
  cutLog(from);
}

function restoreEvaluations(from: number, restored: Restored): void {
  for (let i = evaluations.length - 1; i >= from; i--) {
    const old = evaluations[i] as Evaluation;
    if (restoreEvaluation(old)) restored.set(old.node, old.since);
  }
  evaluations.length = from;
}

/** Wakes the effects that were created inside and have seen something that is put back. */
function wakeDeceived(from: number, restored: Restored): void {
  if (effects.length > from && restored.size > 0) sync();
  for (let i = from; i < effects.length; i++) {
    const effect = effects[i] as EffectNode;
    if (effect.disposed) continue;
    const sawIt = (dep: Source) => (restored.get(dep) ?? Infinity) <= effect.validAt;
    if (!dependenciesOf(effect.id).some(sawIt)) continue;
    effect.validAt = -1;
    wakeEffect(effect);
  }
  /* An outer transaction may still take back what they have seen of its writes. */
  if (frames.length === 0) effects.length = 0;
}

/** Takes the writes of the innermost transaction back, the last one first. */
export function rollbackTransaction(): void {
  const end = rt.header[SK_H_TXN_LEN];
  const from = kernel.txnRollback();
  afterCall();
  const frame = leaveFrame();
  const restored: Restored = new Map();
  restoreSignals(from, end, restored);
  restoreEvaluations(frame.evaluations, restored);
  wakeDeceived(frame.effects, restored);
  /* What runs from now on is later than all that was seen inside. */
  rt.clock++;
  rt.dirty = true;
}
