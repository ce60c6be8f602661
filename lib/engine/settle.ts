/**
 * Settling: bringing computeds up to date. Recursively, the whole module is
 *
 *     settle(c): for each dependency d of c, in the order in which c read them:
 *                  settle(d) if it is a computed that may be stale
 *                  if d changed after c was last valid: evaluate(c), done
 *                c is valid as it is
 *
 * A guard that is read first is settled first, and when it changed, nothing behind it is looked at:
 * the new run decides what it needs. The loop below keeps its own stack, so that a chain of a million
 * computeds settles without the JavaScript stack. The order of the checks is that of the shared
 * dependency lists, so settling an observed graph makes no call.
 */
import { CycleError } from "./errors.js";
import {
  SK_E_DEP,
  SK_E_NEXT_DEP,
  SK_N_DEPS,
  SK_N_FLAGS,
  SK_STALE,
} from "./layout.js";
import { firstEdge, isRelinked, link } from "./link.js";
import {
  type ComputedNode,
  type EffectNode,
  NO_DEPS,
  nameOf,
  type Reader,
  type Source,
} from "./node.js";
import { mark } from "./pending.js";
import { cutTrace, rt, SLOT_SHIFT } from "./runtime.js";
import { currentTransaction } from "./staging.js";
import { track } from "./track.js";
import { logEvaluation } from "./undo.js";

/** Frames of the settlings under way: a node, its id then, and the dependency it stands at. */
const stack: (ComputedNode | null)[] = [];
const stackIds: number[] = [];
const stackAt: number[] = [];
let depth = 0;

/** Whether an error says that the JavaScript stack is full. It is the caller's, not the node's. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

/** Whether `node` may have to run before it is read. */
function maybeStale(node: ComputedNode): boolean {
  if (node.id === 0) return node.validAt !== rt.clock;
  if (rt.unmarked !== 0) mark();
  /* Asked again: the marking may have released it. */
  if (node.id === 0) return node.validAt !== rt.clock;
  return (rt.slots[node.id + SK_N_FLAGS] & SK_STALE) !== 0;
}

function push(node: ComputedNode): void {
  node.settling = true;
  stack[depth] = node;
  stackIds[depth] = node.id;
  stackAt[depth] = node.id !== 0 ? rt.slots[node.id + SK_N_DEPS] : 0;
  depth++;
}

function pop(): void {
  depth--;
  (stack[depth] as ComputedNode).settling = false;
  stack[depth] = null;
}

/** What a look at the dependencies of the top frame came to. */
const VALID = 0;
const CHANGED = 1;
const PUSHED = 2;

/** Looks at one dependency: changed, to be settled first, or neither. */
function lookAt(node: Reader, dep: Source): number {
  if (dep.computed && maybeStale(dep)) {
    /* Met again on the way down: only running can tell whether that is a cycle. */
    if (dep.settling || dep.running) return CHANGED;
    push(dep);
    return PUSHED;
  }
  return dep.changedAt > node.validAt ? CHANGED : VALID;
}

/** Looks at the remaining dependencies of the top frame, up to the first that decides. */
function lookOn(node: ComputedNode): number {
  const top = depth - 1;
  if (stackIds[top] !== node.id) {
    /* It became observed, or unobserved, while a dependency ran: its list is another now. */
    stackIds[top] = node.id;
    stackAt[top] = node.id !== 0 ? rt.slots[node.id + SK_N_DEPS] : 0;
  }
  let at = stackAt[top];
  if (node.id === 0) {
    const deps = node.deps;
    for (; at < deps.length; at++) {
      const verdict = lookAt(node, deps[at] as Source);
      if (verdict === VALID) continue;
      stackAt[top] = at;
      return verdict;
    }
    return VALID;
  }
  const slots = rt.slots;
  const handles = rt.handles;
  while (at !== 0) {
    const id = slots[at + SK_E_DEP];
    const dep = handles[id >> SLOT_SHIFT] as Source;
    if ((slots[id + SK_N_FLAGS] & SK_STALE) !== 0) {
      stackAt[top] = at;
      return lookAt(node, dep);
    }
    if (dep.changedAt > node.validAt) return CHANGED;
    at = slots[at + SK_E_NEXT_DEP];
  }
  return VALID;
}

function markValid(node: ComputedNode, clock: number): void {
  node.validAt = clock;
  if (node.id !== 0) rt.slots[node.id + SK_N_FLAGS] &= ~SK_STALE;
}

/** Brings a computed up to date. Afterwards it is valid, or its run failed and `failed` says so. */
export function settle(root: ComputedNode): void {
  if (!maybeStale(root)) return;
  const base = depth;
  push(root);
  try {
    while (depth > base) {
      const node = stack[depth - 1] as ComputedNode;
      const verdict = node.validAt < 0 ? CHANGED : lookOn(node);
      if (verdict === PUSHED) continue;
      if (verdict === CHANGED) evaluate(node);
      else markValid(node, rt.clock);
      pop();
    }
  } finally {
    while (depth > base) pop();
  }
}

/** Whether something that a due effect read has changed. Settles only what it must to know. */
export function isEffectStale(effect: EffectNode): boolean {
  if (effect.validAt < 0) return true;
  let at = rt.slots[effect.id + SK_N_DEPS];
  while (at !== 0) {
    const id = rt.slots[at + SK_E_DEP];
    const dep = rt.handles[id >> SLOT_SHIFT] as Source;
    if ((rt.slots[id + SK_N_FLAGS] & SK_STALE) !== 0) {
      settle(dep as ComputedNode);
      if (effect.id === 0) return false;
    }
    if (dep.changedAt > effect.validAt) return true;
    at = rt.slots[at + SK_E_NEXT_DEP];
  }
  effect.validAt = rt.clock;
  return false;
}

/** Throws the error that names the computeds from `node` back to itself. */
function throwCycle(node: ComputedNode): never {
  const path = [nameOf(node)];
  for (let at = rt.reader; at !== null && at !== node; at = at.caller) path.unshift(nameOf(at));
  path.unshift(nameOf(node));
  throw new CycleError(path);
}

/** Reports what the run that ends now has read; `whole`: whatever it was, the list is replaced. */
function endReading(node: ComputedNode, base: number, whole: boolean): void {
  const trace = rt.trace;
  const old = rt.old;
  if (node.id === 0) {
    if (old === null) node.deps = rt.top > base ? (trace.slice(base, rt.top) as Source[]) : NO_DEPS;
    else if (rt.keep < old.length) node.deps = old.slice(0, rt.keep);
    return;
  }
  if (rt.cursor !== 0 || rt.top > base || whole) link(node, rt.keep, trace, base, rt.top);
}

/** Takes over the outcome of a run. A comparator that throws makes it a failure. */
function takeOutcome(node: ComputedNode, failed: boolean, outcome: unknown): void {
  if (!failed && node.evaluated && !node.failed && node.equals !== false) {
    rt.run = 0;
    try {
      const same =
        node.equals === null ? Object.is(node.value, outcome) : node.equals(node.value, outcome);
      if (same) return;
    } catch (error) {
      if (isStackOverflow(error)) throw error;
      failed = true;
      outcome = error;
    }
  }
  if (failed && node.failed && Object.is(node.error, outcome)) return;
  node.evaluated = true;
  node.failed = failed;
  if (failed) node.error = outcome;
  else {
    node.value = outcome;
    node.error = undefined;
  }
  node.changedAt = rt.clock;
}

/** Runs the function of a computed and takes over what it returns or throws. */
function evaluate(node: ComputedNode): void {
  if (rt.frame !== 0) logEvaluation(node);
  const { run, cursor, keep, old, reader, owner } = rt;
  const base = rt.top;
  const started = rt.clock;
  node.running = true;
  node.caller = reader;
  node.validAt = -1;
  rt.lastRun = started;
  rt.run = ++rt.runs;
  rt.keep = 0;
  rt.reader = node;
  rt.owner = null;
  const observed = node.id !== 0;
  const whole = observed && isRelinked(node);
  if (observed) {
    rt.slots[node.id + SK_N_FLAGS] &= ~SK_STALE;
    rt.cursor = firstEdge(node);
    rt.old = null;
  } else {
    rt.cursor = 0;
    rt.old = node.deps;
  }
  let done = false;
  try {
    let failed = false;
    let outcome: unknown;
    try {
      outcome = node.fn(node.value);
    } catch (error) {
      if (isStackOverflow(error)) throw error;
      failed = true;
      outcome = error;
    }
    node.validAt = started;
    /* Observed or released meanwhile: what was matched is another list; it runs again when read. */
    if (observed !== (node.id !== 0)) node.validAt = -1;
    else endReading(node, base, whole);
    takeOutcome(node, failed, outcome);
    done = true;
  } finally {
    if (rt.top > base) cutTrace(base);
    rt.run = run;
    rt.cursor = cursor;
    rt.keep = keep;
    rt.old = old;
    rt.reader = reader;
    rt.owner = owner;
    node.running = false;
    node.caller = null;
    if (!done) node.validAt = -1;
    if (node.validAt < 0 && node.id !== 0) rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
  }
}

/** Value of a computed, brought up to date, or what its function threw. */
function valueOf<T>(node: ComputedNode<T>): T {
  if (node.failed) throw node.error;
  return node.value as T;
}

/**
 * Reads a computed.
 *
 * @throws What its function threw, or CycleError when it is read while it runs.
 */
export function readComputed<T>(node: ComputedNode<T>): T {
  if (rt.staging !== 0) {
    const transaction = currentTransaction();
    if (transaction !== null) return transaction.read(node);
  }
  if (node.running) {
    if (rt.run !== 0) track(node as ComputedNode);
    throwCycle(node as ComputedNode);
  }
  if (maybeStale(node as ComputedNode)) settle(node as ComputedNode);
  if (rt.run !== 0) track(node as ComputedNode);
  return valueOf(node);
}

/** Reads a computed without tracking; undefined when it was never evaluated. */
export function peekComputed<T>(node: ComputedNode<T>): T | undefined {
  if (!node.evaluated) return undefined;
  if (rt.staging !== 0) {
    const transaction = currentTransaction();
    if (transaction !== null) return transaction.read(node);
  }
  if (node.running) return node.value;
  if (maybeStale(node as ComputedNode)) settle(node as ComputedNode);
  return valueOf(node);
}

/** Forgets what the computed read and what it knows; the next read runs it again. */
export function disposeComputed(node: ComputedNode): void {
  node.validAt = -1;
  node.deps = NO_DEPS;
  if (node.id === 0) return;
  rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
  link(node, 0, NO_DEPS, 0, 0);
  rt.dirty = true;
}
