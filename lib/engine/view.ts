/**
 * What was seen inside of synchronous transactions. A computed that ran inside is put back when the
 * transaction rolls back: it may have seen what is taken back, and its readers must not notice that it
 * ever did. An effect that was created inside stays, and looks again.
 */

import { wakeEffect } from "./journal.js";
import { SK_N_FLAGS, SK_STALE } from "./layout.js";
import { isRelinked, link } from "./link.js";
import {
  type ComputedNode,
  type EffectNode,
  EVALUATED,
  FAILED,
  type SignalNode,
  type Source,
  type Write,
} from "./node.js";
import { touch } from "./pending.js";
import { dependenciesOf, rt, sync } from "./runtime.js";

/** A computed as it was before it first ran in a transaction. */
export interface Evaluation {
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

/** A signal that was read, tracked, for the first time since it left `base`, as of its Write. */
interface Read {
  readonly node: SignalNode;
  readonly baseValue: unknown;
  readonly baseTime: number;
}
const reads: Read[] = [];

/** Of each open transaction: where its part of the lists begins. */
interface View {
  readonly evaluated: Set<ComputedNode>;
  readonly evaluations: number;
  readonly effects: number;
  readonly reads: number;
  /** Somebody who stays has looked inside: an effect, or code that works on the committed state. */
  isSeen: boolean;
}
const views: View[] = [];

/** A transaction begins. */
export function openView(): void {
  views.push({
    evaluated: new Set(),
    evaluations: evaluations.length,
    effects: effects.length,
    reads: reads.length,
    isSeen: false,
  });
}

/** What the computeds that have run inside of the open transactions were before them. */
export function evaluationsBefore(): Map<ComputedNode, Evaluation> {
  const before = new Map<ComputedNode, Evaluation>();
  for (const old of evaluations) if (!before.has(old.node)) before.set(old.node, old);
  return before;
}

/** The innermost transaction commits: what was seen inside becomes the outer one's. */
export function mergeView(): void {
  views.pop();
  if (views.length > 0) return;
  evaluations.length = 0;
  effects.length = 0;
  reads.length = 0;
}

/** Remembers a computed before its first run in the innermost transaction. A transaction must be open. */
export function logEvaluation(node: ComputedNode): void {
  const view = views[views.length - 1] as View;
  if (view.evaluated.has(node)) return;
  if (node.id !== 0 && isRelinked(node)) sync();
  const { value, state, changedAt, validAt } = node;
  const deps = node.id !== 0 ? dependenciesOf(node.id) : node.deps;
  evaluations.push({ node, value, state, changedAt, validAt, deps });
  view.evaluated.add(node);
}

/**
 * Remembers an effect that was created inside, and what it has read: it may have seen what is taken
 * back. `times` are the `changedAt` of the sources when they were read.
 */
export function logEffect(effect: EffectNode, sources: Source[], times: number[]): void {
  effects.push({ effect, sources, times });
  logOnlooker();
}

/** Remembers that what the open transactions have written may be known to somebody who stays. */
export function logOnlooker(): void {
  for (const view of views) view.isSeen = true;
}

/**
 * Remembers a tracked read of a signal that was written since the last flush. It was by a computed,
 * which forgets it when the transaction rolls back: the signal may then go back as if unread.
 */
export function logRead(node: SignalNode, write: Write): void {
  if (node.seen === 0) reads.push({ node, baseValue: write.value, baseTime: write.changedAt });
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

function restoreEvaluations(from: number): void {
  for (let i = evaluations.length - 1; i >= from; i--)
    restoreEvaluation(evaluations[i] as Evaluation);
  evaluations.length = from;
}

/** Nobody who stays has seen what was read inside. */
function restoreReads(from: number): void {
  for (let i = reads.length - 1; i >= from; i--) {
    const { node, baseValue, baseTime } = reads[i] as Read;
    if (node.write === null) continue;
    node.write.value = baseValue;
    node.write.changedAt = baseTime;
    node.seen = 0;
  }
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
  if (views.length === 0) effects.length = 0;
}

/** Whether a source is what it was. A computed that has not run tells its readers by itself. */
function isAsSeen(source: Source, time: number): boolean {
  return source.changedAt === time || (source.computed && (source.state & EVALUATED) === 0);
}

/** The innermost transaction rolls back; its signals are what they were. */
export function takeViewBack(): void {
  const view = views.pop() as View;
  restoreEvaluations(view.evaluations);
  if (!view.isSeen) restoreReads(view.reads);
  reads.length = view.reads;
  wakeDeceived(view.effects);
}
