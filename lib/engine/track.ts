/**
 * Tracking: what a run reads. While it reads the same dependencies in the same order as the run
 * before, a read is one comparison and nothing is written down. From the first difference on the run
 * has diverged: what it reads goes to `rt.trace`, and its end makes the new list of it.
 *
 * `rt.cursor` is the place in `rt.deps`, the list of the run before, of what the next read is compared with,
 * or DIVERGED. The part of the trace of a run that has diverged begins with null.
 */
import { relink } from "./link.js";
import type { Progress, Reader, Source } from "./node.js";
import { rt } from "./runtime.js";

/** Behind the end of every list. */
const DIVERGED = 2 ** 30;

/** How many of a run's earlier reads are compared with one that a nested run has read, too. */
const LOOK_BACK = 32;

/** Begins a run of `reader`, which is tracked from here on. */
export function beginRun(reader: Reader): void {
  rt.run = ++rt.runs;
  rt.reader = reader;
  rt.deps = reader.deps;
  rt.cursor = 0;
}

/** Whether the run under way has read, in the same order, just what the run before has read. */
export function hasReadTheSame(): boolean {
  return rt.cursor === rt.deps.length;
}

/** Records that the tracked run under way reads `node`. */
export function track(node: Source): void {
  const { cursor, deps } = rt;
  if (cursor < deps.length && deps[cursor] === node) {
    rt.cursor = cursor + 1;
    node.seen = rt.run;
  } else if (node.seen !== rt.run) {
    trackNew(node);
  }
}

function trackNew(node: Source): void {
  const wasReadLater = node.seen > rt.run;
  node.seen = rt.run;
  if (wasReadLater && isRepetition(node)) return;
  if (rt.cursor !== DIVERGED) {
    rt.kept = rt.cursor;
    rt.cursor = DIVERGED;
    rt.trace[rt.top++] = null;
  }
  rt.trace[rt.top++] = node;
}

/**
 * Whether the run has read `node` before, although a nested run was the last to read it. It looks
 * back a bounded way: what it misses is found at the end of the run, see `unique`.
 */
function isRepetition(node: Source): boolean {
  const { cursor, deps, kept, trace, top } = rt;
  let matched = cursor;
  if (cursor === DIVERGED) {
    for (let i = top - 1; i >= top - LOOK_BACK && trace[i] !== null; i--)
      if (trace[i] === node) return true;
    matched = kept;
  }
  for (let i = matched - 1; i >= matched - LOOK_BACK && i >= 0; i--)
    if (deps[i] === node) return true;
  return false;
}

/** Each once. Of what nobody looked back to, a source that a nested run was the last to read may be there twice. */
function unique(list: Source[]): Source[] {
  if (list.length <= LOOK_BACK) return list;
  return list.some((source) => source.seen !== rt.run) ? [...new Set(list)] : list;
}

/**
 * Takes over what the run that ends now has read, when that is not just what the run before has read. Its
 * part of the trace begins at `base`.
 */
export function endRun(reader: Reader, base: number): void {
  const { cursor, deps, kept } = rt;
  if (cursor !== DIVERGED) {
    relink(reader, deps.slice(0, cursor), cursor);
  } else {
    const added = rt.trace.slice(base + 1, rt.top) as Source[];
    relink(reader, unique(kept === 0 ? added : deps.slice(0, kept).concat(added)), kept);
  }
}

/** Of the effect that is running: nothing that it has read is covered by a phase. */
export function beginProgress(): Progress {
  return {
    phases: [],
    at: 0,
    trace: rt.cursor === DIVERGED ? rt.trace.lastIndexOf(null, rt.top - 1) : rt.top,
  };
}

/** What the effect that is running has read and no phase covers. Now one will. */
export function uncoveredReads(progress: Progress): Source[] {
  const { cursor, deps, kept, trace, top } = rt;
  const end = cursor === DIVERGED ? kept : cursor;
  const reads = deps.slice(progress.at, end);
  progress.at = end;
  for (; progress.trace < top; progress.trace++) {
    const source = trace[progress.trace] as Source | null;
    if (source !== null) reads.push(source);
  }
  return reads;
}

/** Forgets the part of the trace from `base` on. */
export function cutTrace(base: number): void {
  for (let i = base; i < rt.top; i++) rt.trace[i] = null;
  rt.top = base;
}

/**
 * Runs `fn` without recording what it reads.
 *
 * @param fn Called once, synchronously.
 * @returns What `fn` returns.
 * @throws What `fn` throws.
 */
export function untracked<T>(fn: () => T): T {
  const run = rt.run;
  rt.run = 0;
  try {
    return fn();
  } finally {
    rt.run = run;
  }
}
