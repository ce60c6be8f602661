/**
 * Writes wait here until somebody has to know: the end of a batch, or the read of a computed that may
 * be stale. Then one call marks everything behind them.
 */
import type { Recorder } from "./frame.js";
import { SK_BLOCK_PENDING, SK_H_PENDING_CAP, SK_H_PENDING_LEN, SK_H_RUN_LEN } from "./layout.js";
import { isSameValue, type SignalNode, type Source, Write } from "./node.js";
import { afterCall, kernel, reserve, rt } from "./runtime.js";

/** The entries in use are writes[0, written); the others are kept, so that a write allocates nothing. */
const writes: Write[] = [];
let written = 0;
/** How many of them have been published. */
let published = 0;
/** Sources whose readers have to look, again or for another reason than a first write. */
const touched: (Source | null)[] = [];
let touches = 0;

/*
 * The JavaScript stack may be full: any call of a function may throw. So lists and their counts change
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
  if (written === writes.length) writes.push(new Write());
  const write = writes[written] as Write;
  leave(node, write);
  write.node = node;
  write.first = node.changedAt;
  write.frame = rt.frame;
  node.write = write;
  written++;
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
  touched[touches++] = node;
  rt.unmarked++;
  rt.dirty = true;
}

/** Writes the ids of the touched sources to PENDING. */
function publishTouched(): void {
  let at = rt.header[SK_H_PENDING_LEN];
  for (let i = 0; i < touches; i++) {
    const node = touched[i] as Source;
    if (!node.computed && node.write !== null) node.write.published = true;
    if (node.id !== 0) rt.pendingWords[at++] = node.id;
    touched[i] = null;
  }
  rt.header[SK_H_PENDING_LEN] = at;
  touches = 0;
}

/** Writes the ids of the written signals to PENDING that are not there yet; `clear`: they settle. */
function publishWritten(clear: boolean): void {
  const { header, pendingWords } = rt;
  let at = header[SK_H_PENDING_LEN];
  for (let i = clear ? 0 : published; i < written; i++) {
    const write = writes[i] as Write;
    const node = write.node as SignalNode;
    if (i >= published && node.changedAt !== write.first && node.id !== 0)
      pendingWords[at++] = node.id;
    write.published = !clear;
    if (!clear) continue;
    node.write = null;
    write.node = null;
    write.value = undefined;
    write.frame = 0;
  }
  header[SK_H_PENDING_LEN] = at;
  published = written;
}

/** When there is no room in PENDING, nothing of the lists is lost. */
function publish(clear: boolean): void {
  const header = rt.header;
  if (header[SK_H_PENDING_LEN] + rt.unmarked > header[SK_H_PENDING_CAP])
    reserve(SK_BLOCK_PENDING, rt.unmarked);
  if (touches !== 0) publishTouched();
  publishWritten(clear);
  rt.unmarked = 0;
}

function tellWrites(recorder: Recorder): void {
  for (let i = 0; i < written; i++) {
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
  written = 0;
  published = 0;
}

/** Marks what is behind the writes so far. */
export function mark(): void {
  if (rt.unmarked !== 0) publish(false);
  rt.markings++;
  try {
    kernel.mark();
  } finally {
    afterCall();
  }
}

/** Marks, and writes what the graph looks like to PICTURE. */
export function inspectKernel(): void {
  if (rt.unmarked !== 0) publish(false);
  rt.markings++;
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
  if (rt.unmarked !== 0 || written !== 0) settleWrites();
  rt.markings++;
  rt.dirty = false;
  kernel.flush();
  afterCall();
  return rt.header[SK_H_RUN_LEN];
}

/** Marks, and lists all effects that are due in RUN, to be looked at. Returns how many. */
export function planRun(): number {
  if (rt.unmarked !== 0) publish(false);
  rt.markings++;
  try {
    kernel.plan();
  } finally {
    afterCall();
  }
  return rt.header[SK_H_RUN_LEN];
}

/** After an error of the kernel: what is due is due still. */
export function failedRun(): void {
  rt.dirty = true;
  afterCall();
}
