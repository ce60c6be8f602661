/**
 * Runs of one cell side by side.
 *
 * The kernel has one run of a task in flight, the newest, and calls every other stale. Runs that are
 * to commit although a newer one is in flight need tasks of their own: each has a slot, a lane, in
 * which it is the only run ever. So the kernel still says, once for each run, whether it is in flight
 * or was cancelled; the cell's own task still counts the versions, and knows how the newest went.
 * What the lanes cannot say is whether a newer run has committed already: `Cell.conclude` compares the
 * version with that of the last commit, so that versions commit in growing order here too.
 */
import { kernel, SK_COMMIT } from "#engine";
import type { Run } from "./run.js";
import { createTask, disposeTask } from "./task.js";

export class Lanes<R extends Run<unknown>> {
  /** The runs in flight, oldest first. */
  private readonly flying = new Set<R>();

  get isBusy(): boolean {
    return this.flying.size > 0;
  }

  open(run: R): void {
    run.lane = createTask(false, run);
    kernel.taskStart(run.lane);
    this.flying.add(run);
  }

  /** Whether the outcome of a run counts. */
  settle(run: R, state: number): boolean {
    const counts = this.flying.has(run) && kernel.taskSettle(run.lane, 1, state) === SK_COMMIT;
    if (counts) this.close(run);
    return counts;
  }

  /** The runs in flight, newest first: they are cancelled, and the lanes are free. */
  cancelAll(): readonly R[] {
    const runs = [...this.flying].reverse();
    for (const run of runs) {
      kernel.taskCancel(run.lane);
      this.close(run);
    }
    return runs;
  }

  private close(run: R): void {
    this.flying.delete(run);
    disposeTask(run.lane, run);
  }
}
