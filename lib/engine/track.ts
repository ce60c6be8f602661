/**
 * Tracking: what a run reads. While it reads the same dependencies in the same order as the run
 * before, a read is one comparison and nothing is written; from the first difference on, what is read
 * goes to `rt.trace`, and the end of the run reports it.
 */
import { SK_E_DEP, SK_E_NEXT_DEP } from "./layout.js";
import type { Source } from "./node.js";
import { rt } from "./runtime.js";

/** Records that the tracked run under way reads `node`. */
export function track(node: Source): void {
  const cursor = rt.cursor;
  if (cursor !== 0 && rt.slots[cursor + SK_E_DEP] === node.id) {
    rt.keep = cursor;
    rt.cursor = rt.slots[cursor + SK_E_NEXT_DEP];
    node.seen = rt.run;
    return;
  }
  if (node.seen !== rt.run) trackNew(node);
}

function trackNew(node: Source): void {
  node.seen = rt.run;
  const old = rt.old;
  if (old !== null) {
    if (old[rt.keep] === node) {
      rt.keep++;
      return;
    }
    for (let i = 0; i < rt.keep; i++) rt.trace[rt.top++] = old[i] as Source;
    rt.old = null;
  }
  rt.cursor = 0;
  rt.trace[rt.top++] = node;
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
