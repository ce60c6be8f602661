/**
 * Evaluation: one run of a computed's function.
 */
import { CycleError } from "./errors.js";
import { SK_N_DEPS, SK_N_FLAGS, SK_RELINKED, SK_STALE } from "./layout.js";
import { link, markCyclic } from "./link.js";
import {
  type ComputedNode,
  EVALUATED,
  type Failure,
  isEqual,
  isSameValue,
  NO_DEPS,
  nameOf,
  RUNNING,
  type Source,
} from "./node.js";
import { cutTrace, rt } from "./runtime.js";
import { logEvaluation } from "./undo.js";

/** Whether an error says that the JavaScript stack is full. It is the caller's, not the node's. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

/** Reports what the run that ends now has read; `whole`: the kernel's list is replaced in any case. */
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

/** Runs the function of a computed and takes over what it returns or throws. */
export function evaluate(node: ComputedNode): void {
  if (rt.frame !== 0) logEvaluation(node);
  const { run, cursor, keep, old, reader, owner } = rt;
  const id = node.id;
  const base = rt.top;
  const started = rt.clock;
  let whole = false;
  if (id !== 0) {
    whole = (rt.slots[id + SK_N_FLAGS] & SK_RELINKED) !== 0;
    rt.cursor = whole ? 0 : rt.slots[id + SK_N_DEPS];
    rt.old = null;
  } else {
    rt.cursor = 0;
    rt.old = node.deps;
  }
  node.state |= RUNNING;
  rt.run = ++rt.runs;
  rt.keep = 0;
  rt.reader = node;
  rt.owner = null;
  let validAt = -1;
  try {
    let failure: Failure | null = null;
    let value: unknown;
    try {
      value = node.fn(node.value);
    } catch (error) {
      failure = { error };
    }
    const isSameList = (id !== 0) === (node.id !== 0);
    if (isSameList) endReading(node, base, whole);
    if (failure === null) takeValue(node, value);
    else takeFailure(node, failure.error);
    /* Observed or released meanwhile: what was matched is another list; it runs again when read. */
    if (isSameList) validAt = started;
  } finally {
    if (rt.top > base) cutTrace(base);
    rt.run = run;
    rt.cursor = cursor;
    rt.keep = keep;
    rt.old = old;
    rt.reader = reader;
    rt.owner = owner;
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
