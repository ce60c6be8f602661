/**
 * Writes wait here until somebody has to know: the end of a batch, or the read of a computed that may
 * be stale. Then one call marks everything behind them.
 */
import { SK_BLOCK_PENDING, SK_H_PENDING_CAP, SK_H_PENDING_LEN, SK_H_RUN_LEN } from "./layout.js";
import { isSameValue, type SignalNode, type Source } from "./node.js";
import { afterCall, kernel, reserve, rt } from "./runtime.js";

/** What a signal was before its first write since the last marking. */
interface Write {
  /** Null in an entry that is not in use. */
  node: SignalNode | null;
  value: unknown;
  changedAt: number;
  /** Clock of the first write. */
  since: number;
}

/** The first `written` entries are in use; the others are kept, so that a write allocates nothing. */
const writes: Write[] = [];
let written = 0;
/** Sources whose readers have to look again for another reason. */
const touched: (Source | null)[] = [];
let touches = 0;

/** Remembers the state of a signal from before its first write. */
export function noteWrite(node: SignalNode): void {
  node.pending = true;
  rt.unmarked++;
  if (written === writes.length) writes.push({ node: null, value: undefined, changedAt: 0, since: 0 });
  const write = writes[written++] as Write;
  write.node = node;
  write.value = node.value;
  write.changedAt = node.changedAt;
  write.since = rt.clock + 1;
}

/** The readers of `node` have to look again. */
export function touch(node: Source): void {
  touched[touches++] = node;
  rt.unmarked++;
  rt.dirty = true;
}

/**
 * Whether a written signal is back where it was before anybody could see it: then nothing happened.
 * A run in between may have seen the value in between.
 */
function isReverted(node: SignalNode, write: Write): boolean {
  if (node.changedAt === write.changedAt) return true;
  if (!isSameValue(node.value, write.value) || node.options?.equals === false) return false;
  if (rt.lastRun >= write.since) return false;
  node.changedAt = write.changedAt;
  return true;
}

/** Writes the ids of what changed to PENDING. When there is no room, nothing of the lists is lost. */
export function publish(): void {
  const count = rt.unmarked;
  if (count === 0) return;
  const header = rt.header;
  let at = header[SK_H_PENDING_LEN];
  if (at + count > header[SK_H_PENDING_CAP]) reserve(SK_BLOCK_PENDING, count);
  const words = rt.pendingWords;
  for (let i = 0; i < written; i++) {
    const write = writes[i] as Write;
    const node = write.node as SignalNode;
    node.pending = false;
    if (!isReverted(node, write) && node.id !== 0) words[at++] = node.id;
    write.node = null;
    write.value = undefined;
  }
  for (let i = 0; i < touches; i++) {
    const node = touched[i] as Source;
    if (node.id !== 0) words[at++] = node.id;
    touched[i] = null;
  }
  header[SK_H_PENDING_LEN] = at;
  written = 0;
  touches = 0;
  rt.unmarked = 0;
}

/** Marks what is behind the writes so far. */
export function mark(): void {
  publish();
  rt.markings++;
  try {
    kernel.mark();
  } finally {
    afterCall();
  }
}

/** Marks, and lists the effects that are due in RUN. Returns how many. */
export function nextRun(): number {
  publish();
  rt.markings++;
  rt.dirty = false;
  try {
    kernel.flush();
  } finally {
    afterCall();
  }
  return rt.header[SK_H_RUN_LEN];
}
