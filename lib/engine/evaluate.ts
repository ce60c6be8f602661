/**
 * Evaluation: one run of a computed's function.
 */
import { isEqual, isSameValue } from "./equality.js";
import { CycleError } from "./errors.js";
import { SK_E_DEP, SK_E_NEXT_DEP, SK_N_DEPS, SK_N_FLAGS, SK_STALE } from "./layout.js";
import { isRelinked, markCyclic } from "./link.js";
import {
  type ComputedNode,
  EVALUATED,
  FAILED,
  type Failure,
  lastValue,
  nameOf,
  RUNNING,
  type Source,
} from "./node.js";
import { isInstance } from "./own.js";
import { parts } from "./parts.js";
import { rt, SLOT_SHIFT } from "./runtime.js";
import { isShortage } from "./shortage.js";
import { beginRun, cutTrace, END, endRun } from "./track.js";

/** Takes over what a run threw. The same error again is no change. */
function takeFailure(node: ComputedNode, error: unknown): void {
  if (isShortage(error)) throw error;
  if (rt.failures !== null) rt.failures.push(node);
  if (isInstance(error, CycleError)) {
    error.passed(node, nameOf(node));
    markCyclic(node);
  }
  if ((node.state & FAILED) !== 0 && Object.is((node.value as Failure).error, error)) return;
  node.value = { error, value: lastValue(node) };
  node.state |= EVALUATED | FAILED;
  node.changedAt = rt.clock;
}

function change(node: ComputedNode, value: unknown): void {
  node.state = (node.state & ~FAILED) | EVALUATED;
  node.value = value;
  node.changedAt = rt.clock;
}

/** Takes over the value of a run, by a comparison of the user's. If that throws, the run has failed. */
function takeCompared(node: ComputedNode, value: unknown): void {
  if ((node.state & (EVALUATED | FAILED)) === EVALUATED) {
    rt.run = 0;
    try {
      if (isEqual(node.options, node.value, value)) return;
    } catch (error) {
      return takeFailure(node, error);
    }
  }
  change(node, value);
}

function takeValue(node: ComputedNode, value: unknown): void {
  const isSame =
    (node.state & (EVALUATED | FAILED)) === EVALUATED && isSameValue(node.value, value);
  if (!isSame) change(node, value);
}

/** The run is over. From now on a cycle that comes back to the node is not seen as one. */
function close(node: ComputedNode, validAt: number): void {
  node.state &= ~RUNNING;
  node.validAt = validAt;
  if (node.id === 0) return;
  if (validAt !== rt.clock && !isRelinked(node)) {
    if (isOutdated(node)) {
      rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
      return;
    }
    node.validAt = rt.clock;
  }
  /* Where its list is new, the link has seen to it that it is marked when something in it has changed. */
  rt.slots[node.id + SK_N_FLAGS] &= ~SK_STALE;
}

/**
 * Whether something that it has read was written meanwhile, by an effect that it created. The clock may have moved
 * for something else: then it must not stay marked, since its readers are not.
 */
function isOutdated(node: ComputedNode): boolean {
  if (node.validAt < 0) return true;
  const { handles, slots } = rt;
  for (let edge = slots[node.id + SK_N_DEPS]; edge !== 0; edge = slots[edge + SK_E_NEXT_DEP]) {
    const dep = slots[edge + SK_E_DEP];
    if ((slots[dep + SK_N_FLAGS] & SK_STALE) !== 0) return true;
    if ((handles[dep >> SLOT_SHIFT] as Source).changedAt > node.validAt) return true;
  }
  return false;
}

/** The end of a run that failed, has read something else than before, or compares in its own way. */
function finish(
  node: ComputedNode,
  id: number,
  base: number,
  started: number,
  failed: boolean,
  outcome: unknown,
): void {
  /* Observed or released meanwhile: what was matched is another list; it runs again when read. */
  const isSameList = id === node.id;
  if (isSameList) {
    node.validAt = started;
    endRun(node, base);
  }
  if (failed) takeFailure(node, outcome);
  else takeCompared(node, outcome);
  if (rt.top > base) cutTrace(base);
  close(node, isSameList ? started : -1);
}

function noteEvaluation(node: ComputedNode): void {
  if (rt.frame !== 0) parts.log.evaluation(node);
  rt.recorder?.evaluated(node);
}

/**
 * Runs the function of a computed and takes over what it returns or throws. It leaves the run under
 * way changed: the caller, which settles many, puts that back once.
 *
 * @throws RangeError when the stack is full, OutOfMemoryError or LimitError when its dependencies find
 *   no room. The node is as if it had not run, and stale.
 */
export function evaluate(node: ComputedNode): void {
  if (rt.noting !== 0) noteEvaluation(node);
  const id = node.id;
  const base = rt.top;
  const started = rt.clock;
  const { fn } = node;
  const previous = lastValue(node);
  let failed = false;
  let outcome: unknown;
  beginRun(node);
  try {
    node.state |= RUNNING;
    try {
      outcome = fn(previous);
    } catch (error) {
      failed = true;
      outcome = error;
    }
    const isSame = id === 0 ? rt.cursor === ~node.deps.length : rt.cursor === END;
    if (failed || !isSame || node.id !== id || node.options !== null) {
      finish(node, id, base, started, failed, outcome);
    } else {
      takeValue(node, outcome);
      close(node, started);
    }
  } catch (error) {
    /* Calls nothing: the stack may be full. */
    rt.cuts++;
    node.state &= ~RUNNING;
    node.validAt = -1;
    if (node.id !== 0) rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
    for (; rt.top > base; rt.top--) rt.trace[rt.top - 1] = null;
    throw error;
  }
}
