/**
 * Writes wait here until somebody has to know: the end of a batch, or the read of a computed that may
 * be stale. Then one call marks everything behind them.
 */
import { SK_BLOCK_PENDING, SK_H_PENDING_CAP, SK_H_PENDING_LEN, SK_H_RUN_LEN } from "./layout.js";
import {
  isSameValue,
  MARKED,
  NOT_PENDING,
  type SignalNode,
  type Source,
  UNMARKED,
} from "./node.js";
import { afterCall, kernel, reserve, rt } from "./runtime.js";

/** What a signal was before its first write since the last flush. */
interface Write {
  /** Null in an entry that is not in use. */
  node: SignalNode | null;
  value: unknown;
  changedAt: number;
}

/** The first `written` entries are in use; the others are kept, so that a write allocates nothing. */
const writes: Write[] = [];
let written = 0;
/** How many of them are marked already. */
let marked = 0;
/** Sources whose readers have to look, again or for another reason than a first write. */
const touched: (Source | null)[] = [];
let touches = 0;

/** Remembers the state of a signal from before its first write. */
function noteFirst(node: SignalNode): void {
  node.pending = UNMARKED;
  if (written === writes.length) writes.push({ node: null, value: undefined, changedAt: 0 });
  const write = writes[written++] as Write;
  write.node = node;
  write.value = node.value;
  write.changedAt = node.changedAt;
  /* Whoever reads it from now on, tracked, leaves its mark. */
  node.seen = 0;
  rt.unmarked++;
}

/** To be called before a signal is written that somebody observes, or that a batch may put back. */
export function noteWrite(node: SignalNode): void {
  if (node.pending === NOT_PENDING) {
    noteFirst(node);
  } else if (node.pending === MARKED) {
    node.pending = UNMARKED;
    touch(node);
  }
}

/** The readers of `node` have to look again. */
export function touch(node: Source): void {
  touched[touches++] = node;
  rt.unmarked++;
  rt.dirty = true;
}

/**
 * Whether a written signal is back where it was, and nobody has read it in between: then nothing
 * happened.
 */
function isReverted(node: SignalNode, write: Write): boolean {
  if (node.changedAt === write.changedAt) return true;
  if (!isSameValue(node.value, write.value) || node.options?.equals === false) return false;
  if (node.seen !== 0) return false;
  node.changedAt = write.changedAt;
  return true;
}

/** Writes the ids of what changed to PENDING. When there is no room, nothing of the lists is lost. */
function publish(): void {
  const header = rt.header;
  let at = header[SK_H_PENDING_LEN];
  if (at + rt.unmarked > header[SK_H_PENDING_CAP]) reserve(SK_BLOCK_PENDING, rt.unmarked);
  const words = rt.pendingWords;
  for (; marked < written; marked++) {
    const write = writes[marked] as Write;
    const node = write.node as SignalNode;
    node.pending = MARKED;
    if (!isReverted(node, write) && node.id !== 0) words[at++] = node.id;
  }
  for (let i = 0; i < touches; i++) {
    const node = touched[i] as Source;
    if (!node.computed && node.pending === UNMARKED) node.pending = MARKED;
    if (node.id !== 0) words[at++] = node.id;
    touched[i] = null;
  }
  header[SK_H_PENDING_LEN] = at;
  touches = 0;
  rt.unmarked = 0;
}

/**
 * The end of a batch or of what waited for the microtask: writes that were taken back are forgotten,
 * the others are published, and what signals were before is not needed any more.
 */
export function settleWrites(): void {
  /* Those that were marked in between may have been put back since: their readers need not run. */
  for (let i = 0; i < marked; i++) {
    const write = writes[i] as Write;
    isReverted(write.node as SignalNode, write);
  }
  if (rt.unmarked !== 0) publish();
  for (let i = 0; i < written; i++) {
    const write = writes[i] as Write;
    (write.node as SignalNode).pending = NOT_PENDING;
    write.node = null;
    write.value = undefined;
  }
  written = 0;
  marked = 0;
}

/** Marks what is behind the writes so far. */
export function mark(): void {
  if (rt.unmarked !== 0) publish();
  rt.markings++;
  try {
    kernel.mark();
  } finally {
    afterCall();
  }
}

/** Marks, and lists the effects that are due in RUN. Returns how many. */
export function nextRun(): number {
  if (rt.unmarked !== 0 || written !== 0) settleWrites();
  rt.markings++;
  rt.dirty = false;
  try {
    kernel.flush();
  } finally {
    afterCall();
  }
  return rt.header[SK_H_RUN_LEN];
}
