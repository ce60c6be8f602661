/**
 * Computeds: reading them, and their end.
 */

import { copies, isReadElsewhere, refuseForeign } from "./copies.js";
import { currentTransaction } from "./current.js";
import { CycleError } from "./errors.js";
import { SK_N_FLAGS, SK_STALE } from "./layout.js";
import { isRelinked, link, markCyclic } from "./link.js";
import {
  type ComputedNode,
  EVALUATED,
  FAILED,
  type Failure,
  lastValue,
  NO_DEPS,
  nameOf,
  RUNNING,
  type Source,
} from "./node.js";
import { touch } from "./pending.js";
import { dependenciesOf, rt, sync } from "./runtime.js";
import { maybeStale, settle } from "./settle.js";
import { track } from "./track.js";

/**
 * Reads a computed.
 *
 * @throws What its function threw, or CycleError when it is read while it runs.
 */
export function readComputed<T>(node: ComputedNode<T>): T {
  if (isUnsettled(node) || (rt.run === 0 && isReadElsewhere())) return readSlowly(node);
  if (rt.run !== 0) track(node as ComputedNode);
  return node.value as T;
}

/**
 * Whether a computed may be stale, is running, or has failed. What is observed and was marked is so also where
 * nothing was written since it was valid: it was marked after it ran, for what it had read, and until it is looked
 * at and the mark is gone, another write would not be followed through it.
 */
function isUnsettled<T>(node: ComputedNode<T>): boolean {
  if ((node.state & (RUNNING | FAILED)) !== 0) return true;
  if (node.id === 0) return node.validAt !== rt.clock && node.lazyAt !== rt.lazyClock;
  return rt.unmarked !== 0 || (rt.slots[node.id + SK_N_FLAGS] & SK_STALE) !== 0;
}

function readSlowly<T>(node: ComputedNode<T>): T {
  const key = node as ComputedNode;
  if (rt.run === 0) {
    if (copies.length > 1) refuseForeign(key);
    const transaction = currentTransaction();
    if (transaction !== null) return transaction.read(node);
  }
  if ((node.state & RUNNING) === 0 && maybeStale(key)) settle(key);
  if (rt.run !== 0) track(key);
  if ((node.state & (RUNNING | FAILED)) !== 0) throw failureOf(key);
  return node.value as T;
}

/** The error that a read of a computed throws that is running or has failed. */
function failureOf(node: ComputedNode): unknown {
  if ((node.state & RUNNING) === 0) return (node.value as Failure).error;
  markCyclic(node);
  return new CycleError(node, nameOf(node));
}

/** Reads a computed without tracking; undefined when it was never evaluated. */
export function peekComputed<T>(node: ComputedNode<T>): T | undefined {
  if ((node.state & EVALUATED) === 0) return undefined;
  if (rt.staging !== 0) {
    const transaction = currentTransaction();
    if (transaction !== null) return transaction.read(node);
  }
  if ((node.state & RUNNING) !== 0) return lastValue(node);
  if (maybeStale(node as ComputedNode)) settle(node as ComputedNode);
  if ((node.state & FAILED) !== 0) throw failureOf(node as ComputedNode);
  return node.value as T;
}

/** What a computed has read when it last ran. */
export function readsOf(node: ComputedNode): readonly Source[] {
  if (node.id === 0) return node.deps;
  if (isRelinked(node)) sync();
  return node.id === 0 ? node.deps : dependenciesOf(node.id);
}

/** Forgets what the computed read and what it knows; the next read runs it again. */
export function disposeComputed(node: ComputedNode): void {
  /* The run under way finds everything anew. */
  if ((node.state & RUNNING) !== 0) return;
  node.validAt = -1;
  node.deps = NO_DEPS;
  /* Whoever has it cached looks at it again. */
  rt.clock++;
  rt.lazyClock++;
  if (node.id === 0) return;
  rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
  link(node, 0, NO_DEPS, 0, 0);
  /* Nothing that it has read will wake them any more. */
  touch(node as ComputedNode);
}
