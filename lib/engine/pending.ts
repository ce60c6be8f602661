/**
 * Writes wait here until somebody has to know: the end of a batch, or the read of a computed that may
 * be stale. Then one call marks everything behind them.
 */
import { isSameValue } from "./equality.js";
import { fan, handOver } from "./fan.js";
import type { Recorder } from "./frame.js";
import {
  SK_BLOCK_PENDING,
  SK_H_JOURNAL_LEN,
  SK_H_PENDING_CAP,
  SK_H_PENDING_LEN,
  SK_H_RUN_LEN,
} from "./layout.js";
import { type SignalNode, type Source, Write } from "./node.js";
import { forgetPlans, markSmall } from "./plans.js";
import { afterCall, kernel, reserve, rt } from "./runtime.js";

/** The entries in use are writes[0, written); the others are kept, so that a write allocates nothing. */
const writes: Write[] = [];
/** Sources whose readers have to look, again or for another reason than a first write: touched[0, touches). */
const touched: (Source | null)[] = [];

/** Fields of an object: of those V8 knows that they are small integers, of variables it does not. */
const state = {
  written: 0,
  /** How many of them have been published. */
  published: 0,
  touches: 0,
  /** The number of the call of the kernel after which nothing was due. */
  quietAt: -1,
};

/*
 * The JavaScript stack may be full, and every call of a function throw. So lists and their counts change
 * together, with no call in between.
 */

/** The signal leaves a state that was seen: whoever reads it from now on, tracked, leaves a mark. */
function leave(node: SignalNode, write: Write): void {
  write.value = node.value;
  write.changedAt = node.changedAt;
  node.seen = 0;
}

/** To be called before the first write, since the last flush, of a signal. */
export function noteWrite(node: SignalNode): void {
  if (state.written === writes.length) writes.push(new Write());
  const write = writes[state.written] as Write;
  leave(node, write);
  write.node = node;
  write.first = node.changedAt;
  write.frame = rt.frame;
  node.write = write;
  state.written++;
  rt.unmarked++;
}

/**
 * To be called before each further write.
 *
 * @param isSeen Its present state has been seen although nobody read it: a transaction may go back.
 */
export function noteRewrite(node: SignalNode, write: Write, isSeen: boolean): void {
  if (write.published) {
    write.published = false;
    touch(node);
  }
  write.frame = rt.frame;
  if (isSeen || node.seen !== 0) leave(node, write);
}

/** Whether `value` puts the signal back where it was and nobody has read it in between. */
export function isReversal(node: SignalNode, write: Write, value: unknown): boolean {
  return node.seen === 0 && isSameValue(value, write.value) && node.options?.equals !== false;
}

/** The readers of `node` have to look again. */
export function touch(node: Source): void {
  touched[state.touches++] = node;
  rt.unmarked++;
  rt.dirty = true;
}

/** Writes the ids of the touched sources to PENDING. */
function publishTouched(): void {
  let at = rt.header[SK_H_PENDING_LEN];
  for (let i = 0; i < state.touches; i++) {
    const node = touched[i] as Source;
    if (!node.computed && node.write !== null) node.write.published = true;
    if (node.id !== 0) rt.pendingWords[at++] = node.id;
    touched[i] = null;
  }
  rt.header[SK_H_PENDING_LEN] = at;
  state.touches = 0;
}

/** Writes the ids of the written signals to PENDING that are not there yet; `clear`: they settle. */
function publishWritten(clear: boolean): void {
  const { header, pendingWords } = rt;
  let at = header[SK_H_PENDING_LEN];
  for (let i = clear ? 0 : state.published; i < state.written; i++) {
    const write = writes[i] as Write;
    const node = write.node as SignalNode;
    if (i >= state.published && node.changedAt !== write.first && node.id !== 0)
      pendingWords[at++] = node.id;
    write.published = !clear;
    if (!clear) continue;
    node.write = null;
    write.node = null;
    write.value = undefined;
    write.frame = 0;
  }
  header[SK_H_PENDING_LEN] = at;
  state.published = state.written;
}

/** When there is no room in PENDING, nothing of the lists is lost. */
function publish(clear: boolean): void {
  const header = rt.header;
  if (header[SK_H_PENDING_LEN] + rt.unmarked > header[SK_H_PENDING_CAP])
    reserve(SK_BLOCK_PENDING, rt.unmarked);
  if (state.touches !== 0) publishTouched();
  publishWritten(clear);
  rt.unmarked = 0;
}

function tellWrites(recorder: Recorder): void {
  for (let i = 0; i < state.written; i++) {
    const { node, first } = writes[i] as Write;
    if (node !== null && node.changedAt !== first) recorder.wrote(node);
  }
}

/**
 * The end of a batch or of what waited for the microtask: what changed is published, and what signals
 * were before is not needed any more.
 */
export function settleWrites(): void {
  if (rt.recorder !== null && rt.flushing) tellWrites(rt.recorder);
  publish(true);
  state.written = 0;
  state.published = 0;
}

/** No list of due effects that was made before is true any more. */
function beginMarking(): void {
  if (rt.unmarked !== 0) publish(false);
  rt.markings++;
  handOver();
}

/** Marks what is behind the writes so far. */
export function mark(): void {
  beginMarking();
  try {
    kernel.mark();
  } finally {
    afterCall();
  }
}

/** Marks, and writes what the graph looks like to PICTURE. */
export function inspectKernel(): void {
  beginMarking();
  try {
    kernel.inspect();
  } finally {
    afterCall();
  }
}

/**
 * Marks, and lists the effects that are due in RUN. Returns how many. When it throws, `failedRun` has to
 * follow.
 */
export function nextRun(): number {
  if (rt.unmarked !== 0 || state.written !== 0) settleWrites();
  rt.markings++;
  forgetPlans();
  if (fan.effects !== 0) handOver();
  rt.dirty = false;
  kernel.flush();
  afterCall();
  return rt.header[SK_H_RUN_LEN];
}

/** The effects in RUN have been looked at, and there are no more of which the kernel knows. */
export function noteQuiet(): void {
  state.quietAt = rt.calls;
}

/** Forgets what signals were before, of whose writes the kernel need not know. */
function dropWrites(): void {
  while (state.written > 0) {
    const write = writes[--state.written] as Write;
    (write.node as SignalNode).write = null;
    write.node = null;
    write.value = undefined;
    write.frame = 0;
    write.published = false;
  }
  state.published = 0;
  rt.unmarked = 0;
}

/** As `settleWrites`, at the end of a batch of which no flush follows: as a rule nobody is to be told. */
export function settleUnobserved(): void {
  let isObserved = state.touches !== 0 || rt.recorder !== null;
  /* Where the stack was full an observed signal may have been written, and the flush not asked for. */
  for (let i = 0; i < state.written && !isObserved; i++)
    isObserved = ((writes[i] as Write).node as SignalNode).id !== 0;
  if (isObserved) settleWrites();
  else dropWrites();
}

/** Whether the kernel has neither an effect that is due nor anything to do before it could say so. */
function isQuiet(): boolean {
  return rt.calls === state.quietAt && rt.header[SK_H_JOURNAL_LEN] === 0;
}

/**
 * Does without a call of the kernel what `nextRun` does, when there is little to be marked: the effects that are
 * due are in `due`. Otherwise it does nothing and returns false.
 */
export function markHere(): boolean {
  if (state.touches !== 0 || fan.effects !== 0 || rt.recorder !== null || !isQuiet()) return false;
  if (!markSmall(writes, state.written)) return false;
  dropWrites();
  rt.dirty = false;
  return true;
}

/** Marks, and lists all effects that are due in RUN, to be looked at. Returns how many. */
export function planRun(): number {
  beginMarking();
  try {
    kernel.plan();
  } finally {
    afterCall();
  }
  return rt.header[SK_H_RUN_LEN];
}

/** After an error of the kernel: what is due is due still. */
export function failedRun(): void {
  handOver();
  rt.dirty = true;
  afterCall();
}
