/**
 * Work under way: how many asynchronous cells are pending, in each scope and in all.
 */
import type { ScopeNode } from "./node.js";

interface Work {
  pending: number;
  waiters: (() => void)[] | null;
}

/** All of them, also those of no scope. */
const everywhere: Work = { pending: 0, waiters: null };

/** A cell of the scope has become pending. */
export function beginWork(scope: ScopeNode | null): void {
  everywhere.pending++;
  for (let at = scope; at !== null; at = at.outer) at.pending++;
}

/** It is pending no longer. */
export function endWork(scope: ScopeNode | null): void {
  end(everywhere);
  for (let at = scope; at !== null; at = at.outer) end(at);
}

function end(work: Work): void {
  if (--work.pending > 0 || work.waiters === null) return;
  const { waiters } = work;
  work.waiters = null;
  for (const wake of waiters) wake();
}

/** Resolves when no cell of the scope is pending, nor becomes so by what is due now; null: of all. */
export async function settled(scope: ScopeNode | null): Promise<void> {
  const work: Work = scope ?? everywhere;
  for (;;) {
    /* The flush that follows a write, or a commit, may start cells: it comes first. */
    await undefined;
    await undefined;
    if (work.pending === 0) return;
    await new Promise<void>((wake) => {
      work.waiters ??= [];
      work.waiters.push(wake);
    });
  }
}
