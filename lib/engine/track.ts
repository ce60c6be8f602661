/**
 * Tracking: what a run reads. While it reads the same dependencies in the same order as the run
 * before, a read is one comparison and nothing is written down. From the first difference on the run
 * has diverged: what it reads goes to `rt.trace`, and its end reports it.
 *
 * `rt.cursor` says what the next read is compared with:
 *
 *     > 0        this edge of the observed reader
 *     END        nothing: the list of the observed reader is used up
 *     < 0        ~cursor is the index in `deps` of the unobserved reader
 *     DIVERGED   nothing: the run has diverged. Its part of the trace begins with null
 */
import { SK_E_DEP, SK_E_NEXT_DEP, SK_N_DEPS, SK_N_FLAGS, SK_RELINKED } from "./layout.js";
import { link } from "./link.js";
import type { ComputedNode, EffectNode, Progress, Reader, Source } from "./node.js";
import { rt, SLOT_SHIFT } from "./runtime.js";

/** See above. */
export const END = 0;
const FIRST_OWN = -1;
const DIVERGED = -(2 ** 30);

/** How many of a run's earlier reads are compared with one that a nested run has read, too. */
const LOOK_BACK = 32;

/** Begins a run of `reader`, which is tracked from here on. */
export function beginRun(reader: Reader): void {
  const id = reader.id;
  rt.run = ++rt.runs;
  rt.reader = reader;
  if (id === 0) {
    rt.cursor = FIRST_OWN;
  } else if ((rt.slots[id + SK_N_FLAGS] & SK_RELINKED) === 0) {
    rt.cursor = rt.slots[id + SK_N_DEPS];
  } else {
    /* A list that waits to be replaced is not compared with: its edges go. */
    rt.cursor = DIVERGED;
    rt.keep = 0;
    rt.trace[rt.top++] = null;
  }
}

/** Records that the tracked run under way reads `node`. */
export function track(node: Source): void {
  const cursor = rt.cursor;
  if (cursor > 0 && rt.slots[cursor + SK_E_DEP] === node.id) {
    rt.cursor = rt.slots[cursor + SK_E_NEXT_DEP];
    node.seen = rt.run;
    return;
  }
  if (node.seen === rt.run) return;
  if (cursor < 0 && cursor !== DIVERGED && (rt.reader as ComputedNode).deps[~cursor] === node) {
    rt.cursor = cursor - 1;
    node.seen = rt.run;
    return;
  }
  trackNew(node);
}

/** As `track`, of a read that does not agree with the run before, and has not come in this one. */
function trackNew(node: Source): void {
  const wasReadLater = node.seen > rt.run;
  node.seen = rt.run;
  const reader = rt.reader as Reader;
  const cursor = rt.cursor;
  if (wasReadLater && isRepetition(reader, node)) return;
  if (cursor !== DIVERGED) diverge(reader, cursor);
  rt.trace[rt.top++] = node;
}

/** From here on what is read is written down. */
function diverge(reader: Reader, cursor: number): void {
  rt.trace[rt.top++] = null;
  rt.cursor = DIVERGED;
  rt.keep = 0;
  if (cursor >= 0) {
    rt.keep = edgeBefore(reader, cursor);
  } else if (reader.id === 0) {
    const { deps } = reader as ComputedNode;
    for (let i = 0; i < ~cursor; i++) rt.trace[rt.top++] = deps[i] as Source;
  }
}

/** The last edge that matched; 0 for none, also when the reader has left the kernel. */
function edgeBefore(reader: Reader, cursor: number): number {
  if (reader.id === 0) return 0;
  const slots = rt.slots;
  let before = 0;
  let edge = slots[reader.id + SK_N_DEPS];
  while (edge !== cursor && edge !== 0) {
    before = edge;
    edge = slots[edge + SK_E_NEXT_DEP];
  }
  return before;
}

/**
 * Whether the run has read `node` before, although a nested run was the last to read it. It looks
 * back a bounded way: what it misses the kernel finds, at the price of a LINK entry.
 */
function isRepetition(reader: Reader, node: Source): boolean {
  const { cursor, slots, trace, top } = rt;
  if (cursor === DIVERGED) {
    for (let i = top - 1; i >= top - LOOK_BACK && trace[i] !== null; i--)
      if (trace[i] === node) return true;
    if (rt.keep === 0) return false;
  } else if (cursor < 0) {
    const { deps } = reader as ComputedNode;
    return deps.lastIndexOf(node, ~cursor) >= Math.max(0, ~cursor - LOOK_BACK);
  }
  if (reader.id === 0 || node.id === 0) return false;
  const stop = cursor === DIVERGED ? slots[rt.keep + SK_E_NEXT_DEP] : cursor;
  let edge = slots[reader.id + SK_N_DEPS];
  for (let i = 0; i < LOOK_BACK && edge !== stop && edge !== 0; i++) {
    if (slots[edge + SK_E_DEP] === node.id) return true;
    edge = slots[edge + SK_E_NEXT_DEP];
  }
  return false;
}

/** Reports what the run that ends now has read; its part of the trace begins at `base`. */
export function endRun(reader: Reader, base: number): void {
  const cursor = rt.cursor;
  if (cursor === END) return;
  if (cursor > 0) {
    link(reader, edgeBefore(reader, cursor), rt.trace, 0, 0);
  } else if (reader.id !== 0) {
    link(reader, rt.keep, rt.trace, base + 1, rt.top);
  } else {
    const own = reader as ComputedNode;
    if (cursor === DIVERGED) own.deps = rt.trace.slice(base + 1, rt.top) as Source[];
    else if (~cursor < own.deps.length) own.deps = own.deps.slice(0, ~cursor);
  }
}

/** Of the effect that is running: nothing that it has read is covered by a phase. */
export function beginProgress(effect: EffectNode): Progress {
  return {
    phases: [],
    edge: rt.slots[effect.id + SK_N_DEPS],
    trace: rt.cursor === DIVERGED ? rt.trace.lastIndexOf(null, rt.top - 1) : rt.top,
  };
}

/** What the effect that is running has read and no phase covers. Now one will. */
export function uncoveredReads(progress: Progress): Source[] {
  const { cursor, keep, slots, handles, trace, top } = rt;
  const reads: Source[] = [];
  let stop = cursor;
  if (cursor === DIVERGED) stop = keep === 0 ? progress.edge : slots[keep + SK_E_NEXT_DEP];
  let edge = progress.edge;
  for (; edge !== stop && edge !== 0; edge = slots[edge + SK_E_NEXT_DEP])
    reads.push(handles[slots[edge + SK_E_DEP] >> SLOT_SHIFT] as Source);
  progress.edge = edge;
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
