/**
 * Evaluation: one run of a computed's function.
 */
import { CycleError } from "./errors.js";
import { SK_N_FLAGS, SK_STALE } from "./layout.js";
import { firstEdge, isRelinked, link } from "./link.js";
import { type ComputedNode, isSameValue, NO_DEPS, nameOf, type Source } from "./node.js";
import { cutTrace, rt } from "./runtime.js";
import { logEvaluation } from "./undo.js";

/** Whether an error says that the JavaScript stack is full. It is the caller's, not the node's. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

/** Throws the error that names the computeds from `node` back to itself. */
export function throwCycle(node: ComputedNode): never {
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
        node.equals === null
          ? isSameValue(node.value, outcome)
          : node.equals(node.value, outcome);
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
  if (failed) {
    node.error = outcome;
  } else {
    if (node.error !== undefined) node.error = undefined;
    node.value = outcome;
  }
  node.changedAt = rt.clock;
}

/** Runs the function of a computed and takes over what it returns or throws. */
export function evaluate(node: ComputedNode): void {
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
