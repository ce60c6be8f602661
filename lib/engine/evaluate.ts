/**
 * Evaluation: one run of a computed's function.
 */
import { CycleError } from "./errors.js";
import { SK_N_FLAGS, SK_STALE } from "./layout.js";
import { markCyclic } from "./link.js";
import { type ComputedNode, EVALUATED, isEqual, isSameValue, nameOf, RUNNING } from "./node.js";
import { rt } from "./runtime.js";
import { beginRun, cutTrace, END, endRun } from "./track.js";
import { logEvaluation } from "./undo.js";

/** Whether an error says that the JavaScript stack is full. It is the caller's, not the node's. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

/** Takes over what a run threw. The same error again is no change. */
function takeFailure(node: ComputedNode, error: unknown): void {
  if (isStackOverflow(error)) throw error;
  if (error instanceof CycleError) {
    error.passed(node, nameOf(node));
    markCyclic(node);
  }
  node.state |= EVALUATED;
  if (node.failure !== null && Object.is(node.failure.error, error)) return;
  node.failure = { error };
  node.changedAt = rt.clock;
}

/** Takes over the value of a run. A comparison that throws makes the run a failure. */
function takeValue(node: ComputedNode, value: unknown): void {
  if ((node.state & EVALUATED) !== 0 && node.failure === null) {
    if (node.options === null) {
      if (isSameValue(node.value, value)) return;
    } else {
      rt.run = 0;
      try {
        if (isEqual(node.options, node.value, value)) return;
      } catch (error) {
        return takeFailure(node, error);
      }
    }
  }
  node.state |= EVALUATED;
  node.value = value;
  node.failure = null;
  node.changedAt = rt.clock;
}

/**
 * Runs the function of a computed and takes over what it returns or throws. It leaves the run under
 * way changed: the caller, which settles many, puts that back once.
 */
export function evaluate(node: ComputedNode): void {
  if (rt.frame !== 0) logEvaluation(node);
  const id = node.id;
  const base = rt.top;
  const started = rt.clock;
  let failed = false;
  let outcome: unknown;
  let validAt = -1;
  beginRun(node);
  node.state |= RUNNING;
  try {
    try {
      const { fn } = node;
      outcome = fn(node.value);
    } catch (error) {
      failed = true;
      outcome = error;
    }
    /* Observed or released meanwhile: what was matched is another list; it runs again when read. */
    const isSameList = id === node.id;
    if (isSameList && rt.cursor !== END) {
      node.validAt = started;
      endRun(node, base);
    }
    if (failed) takeFailure(node, outcome);
    else takeValue(node, outcome);
    if (isSameList) validAt = started;
  } finally {
    if (rt.top > base) cutTrace(base);
    node.state &= ~RUNNING;
    node.validAt = validAt;
    if (node.id !== 0) {
      /* Stale until now, so that a cycle that comes back here is seen; and still so when something
       * was written meanwhile, by an effect that it created: it may have read it before. */
      if (validAt === rt.clock) rt.slots[node.id + SK_N_FLAGS] &= ~SK_STALE;
      else rt.slots[node.id + SK_N_FLAGS] |= SK_STALE;
    }
  }
}
