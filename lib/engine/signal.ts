/**
 * Signals: reading and writing the sources of the graph.
 */

import { copies, isReadElsewhere, refuseForeign } from "./copies.js";
import { currentTransaction } from "./current.js";
import { notePhase } from "./effect.js";
import { isEqual, isSameValue } from "./equality.js";
import { WriteInComputedError } from "./errors.js";
import { schedule } from "./flush.js";
import { LAZILY_READ, nameOf, type SignalNode } from "./node.js";
import { parts } from "./parts.js";
import { isReversal, noteRewrite, noteWrite } from "./pending.js";
import { rt } from "./runtime.js";
import { track } from "./track.js";

/**
 * Reads a signal and tracks it. Inside an asynchronous transaction it sees what that staged, except
 * in what is tracked: effects and computeds are of the committed state.
 */
export function readSignal<T>(node: SignalNode<T>): T {
  if (rt.run !== 0) {
    if (rt.frame !== 0 && node.write !== null) parts.log.read(node as SignalNode, node.write);
    track(node as SignalNode);
  } else if (isReadElsewhere()) {
    if (copies.length > 1) refuseForeign(node as SignalNode);
    return peekSignal(node);
  }
  return node.value;
}

/** Reads a signal without tracking it. */
export function peekSignal<T>(node: SignalNode<T>): T {
  return rt.staging !== 0 ? peekStaged(node) : node.value;
}

function peekStaged<T>(node: SignalNode<T>): T {
  const transaction = currentTransaction();
  return transaction === null ? node.value : transaction.get(node);
}

/** Whether `value` counts as the present one. The comparison is not tracked. */
function isPresent<T>(node: SignalNode<T>, value: T): boolean {
  if (node.options === null) return isSameValue(node.value, value);
  const run = rt.run;
  rt.run = 0;
  try {
    return isEqual(node.options, node.value, value);
  } finally {
    rt.run = run;
  }
}

/** Throws when a computed is being evaluated: it must only read. */
function refuseInComputed(node: SignalNode): void {
  const reader = rt.reader;
  if (reader?.computed) throw new WriteInComputedError(nameOf(node), nameOf(reader));
}

/**
 * Writes a signal. Outside a batch the effects that depend on it run in a microtask.
 *
 * @throws WriteInComputedError inside a computed; TransactionAbortedError in the context of a transaction
 *   that has ended without a commit; what the comparator throws. Nothing is changed then.
 */
export function writeSignal<T>(node: SignalNode<T>, value: T): void {
  if (rt.reader !== null) refuseInComputed(node as SignalNode);
  const isShared = rt.staging !== 0;
  if (isShared) {
    const transaction = currentTransaction();
    if (transaction !== null) return transaction.set(node, value);
    parts.staging.noticePlainWrite(node as SignalNode);
  }
  if (isPresent(node, value)) {
    if (isShared) parts.staging.confirmVersion(node as SignalNode);
    return;
  }
  assignSignal(node, value);
}

/** Gives a signal a value that counts as another one. */
export function assignSignal<T>(node: SignalNode<T>, value: T): void {
  const isPlain = node.write === null && rt.reader === null && rt.frame === 0 && rt.staging === 0;
  if (!isPlain) return assignNoted(node as SignalNode, value);
  if (node.id !== 0 || rt.batchDepth !== 0) noteWrite(node as SignalNode);
  node.value = value;
  node.changedAt = ++rt.clock;
  announce(node as SignalNode);
}

/** As `assignSignal`, where somebody is to be told, or the signal has been written since the last flush. */
function assignNoted(node: SignalNode, value: unknown): void {
  const isShared = rt.staging !== 0;
  const isLogged = rt.frame !== 0 && parts.log.write(node);
  const { write } = node;
  if (write !== null) noteRewrite(node, write, isLogged);
  else if (node.id !== 0 || rt.batchDepth !== 0) noteWrite(node);
  const reader = rt.reader;
  if (reader !== null && !reader.computed) notePhase(reader, rt.clock);
  const isFinal = isShared && parts.staging.keepVersion(node);
  node.value = value;
  const isBack = write !== null && !isFinal && isReversal(node, write, value);
  node.changedAt = isBack ? write.changedAt : ++rt.clock;
  if (isShared) parts.staging.publishVersion(node);
  announce(node);
}

/** A flush has to follow where somebody observes what was written. */
function announce(node: SignalNode): void {
  if ((node.traits & LAZILY_READ) !== 0) rt.lazyClock++;
  if (node.id === 0) return;
  rt.dirty = true;
  if (rt.batchDepth === 0) schedule();
}

/** Writes what `update` makes of the present value. Its reads are not tracked. */
export function updateSignal<T>(node: SignalNode<T>, update: (previous: T) => T): void {
  if (rt.reader !== null) refuseInComputed(node as SignalNode);
  const run = rt.run;
  rt.run = 0;
  let value: T;
  try {
    value = update(peekSignal(node));
  } finally {
    rt.run = run;
  }
  writeSignal(node, value);
}
