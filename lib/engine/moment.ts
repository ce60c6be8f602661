/**
 * Moments: what a number of signals are now, to be read again later. A user interface that is hydrated in
 * pieces shows, in each of them, first what the server has shown.
 *
 * A read of a moment is a transaction that puts the old values there, reads, and rolls back: computeds are
 * those of the moment, and nobody notices.
 */
import { enterBatch, leaveBatchLater } from "./flush.js";
import type { SignalNode } from "./node.js";
import { rt } from "./runtime.js";
import { assignSignal } from "./signal.js";
import { beginTransaction, rollbackTransaction } from "./undo.js";

/** What belongs to the moment beside signals. */
export interface Companion {
  write(): void;
  undo(): void;
}

/** Runs `fn` where nothing is running, on the committed state. */
function apart<T>(fn: () => T): T {
  const { reader, run } = rt;
  rt.reader = null;
  rt.run = 0;
  rt.committed++;
  enterBatch();
  try {
    return fn();
  } finally {
    leaveBatchLater();
    rt.committed--;
    rt.run = run;
    rt.reader = reader;
  }
}

export class Moment {
  private readonly states: readonly { node: SignalNode; value: unknown; changedAt: number }[];
  private readonly companions: readonly Companion[];
  /** A time of the clock at which all was as in the moment. */
  private clock: number;

  constructor(nodes: readonly SignalNode[], companions: readonly Companion[]) {
    this.states = nodes.map((node) => ({ node, value: node.value, changedAt: node.changedAt }));
    this.companions = companions;
    this.clock = rt.clock;
  }

  /** Whether the signals are what they were. */
  private get isNow(): boolean {
    if (this.clock === rt.clock) return true;
    if (this.states.some(({ node, changedAt }) => node.changedAt !== changedAt)) return false;
    this.clock = rt.clock;
    return true;
  }

  /**
   * Calls `read` over the moment. It must only read.
   *
   * @throws What `read` throws.
   */
  read<T>(read: () => T): T {
    return this.isNow ? read() : apart(() => this.readBack(read));
  }

  private readBack<T>(read: () => T): T {
    beginTransaction();
    try {
      for (const { node, value, changedAt } of this.states)
        if (node.changedAt !== changedAt) assignSignal(node, value);
      for (const companion of this.companions) companion.write();
      return read();
    } finally {
      for (const companion of this.companions) companion.undo();
      rollbackTransaction();
    }
  }
}
