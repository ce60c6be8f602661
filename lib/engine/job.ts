/**
 * Jobs: work that waits in the queue of effects, in the order of its priority, and runs once. What low
 * priority delays - the commit of an asynchronous cell or of a transaction - is one.
 */
import { batch, schedule } from "./flush.js";
import { enterDueEffect, leaveEffect } from "./journal.js";
import { EffectNode } from "./node.js";
import { rt } from "./runtime.js";
import { untracked } from "./track.js";

/** A job that waits, or has waited. */
export interface Job {
  /** It will not run. Of one that has begun nothing changes. */
  cancel(): void;
}

class QueuedJob implements Job {
  private readonly node: EffectNode;

  constructor(priority: number, run: () => void) {
    this.node = new EffectNode(() => this.start(run), { name: run.name || "job", of: null });
    this.node.validAt = -1;
    enterDueEffect(this.node, priority);
  }

  /** It leaves the kernel first: nothing that it does can make it due again. */
  private start(run: () => void): void {
    leaveEffect(this.node);
    /* What it creates belongs to nobody: it ends with no run of anything. */
    rt.owner = null;
    batch(() => untracked(run));
  }

  cancel(): void {
    if (this.node.id === 0) return;
    leaveEffect(this.node);
    rt.dirty = true;
    schedule();
  }
}

/**
 * Puts a job into the queue: `run` is called once, in the flush that follows or is under way, in its place
 * among the effects that are due: by priority, then in the order of creation. It is a batch, its reads are
 * not tracked, and what it throws is reported like an effect's error. It belongs to no effect.
 *
 * A transaction that is rolled back does not take it back.
 *
 * @example
 * const job = enqueueJob(priority, () => commit(outcome));
 * onSuperseded(() => job.cancel());
 */
export function enqueueJob(priority: number, run: () => void): Job {
  const job = new QueuedJob(priority, run);
  rt.dirty = true;
  if (rt.batchDepth === 0) schedule();
  return job;
}
