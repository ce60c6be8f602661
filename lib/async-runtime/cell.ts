/**
 * A cell: one kernel task, and three signals that show where it stands.
 *
 *     start   old run aborted, pending committed, events, producer called
 *     settle  perhaps another attempt; the kernel's verdict; value, status and error committed, events
 *     stop    the kernel's verdict; then the signal aborted, cancelled (or idle) committed, events
 *
 * Invariants: `current` is the newest run while it is in flight for the kernel, else null; `newest` is
 * the last one started. Whether an outcome may become visible is the kernel's answer alone. Everything
 * that the program gave may call back into the cell, so what is committed or called after such a call
 * is compared with these two first.
 */
import { kernel, now, SK_COMMIT, SK_TASK_ERROR, SK_TASK_SUCCESS, writeSignal } from "#engine";
import { commit } from "./commit.js";
import { callAll } from "./extras.js";
import type { Member } from "./joint.js";
import type { Lanes } from "./lanes.js";
import type { Plan } from "./plan.js";
import { abortError, type Resolve, type Run } from "./run.js";
import { SeededCell } from "./seeded-cell.js";
import { disposeTask } from "./task.js";

export abstract class Cell<T, E, Work, R extends Run<T>>
  extends SeededCell<T, E, R>
  implements Member
{
  private get plan(): Plan | null {
    return this.settings.plan;
  }

  protected abstract createRun(token: number, work: Work, resolve: Resolve<T>): R;
  /** Calls the producer, for one attempt of a run. */
  protected abstract launch(run: R): void;
  /** Writes the value that is visible while a run is pending, or none is. */
  protected abstract writePending(run: R | null): void;
  /** Writes the value that stays of a run when another follows; `last`: it is the newest. */
  protected abstract writeSuperseded(run: R, last: boolean): void;
  /** Writes the value that stays when a run ends without one. */
  protected abstract writeInterrupted(run: R, failed: boolean): void;
  /** Writes what a success makes visible. */
  protected abstract writeSuccess(run: R, value: T): void;

  /** Whether a run is in flight. */
  get isBusy(): boolean {
    return this.current !== null || this.lanes?.isBusy === true;
  }

  /** Starts a run; one in flight is superseded for `reason`. */
  start(work: Work, reason: unknown, resolve: Resolve<T> = null): void {
    const run = this.open(work, reason, resolve, true);
    if (run !== null && this.announce(run)) this.attempt(run);
  }

  /** A run that has failed before its producer could be called. It is not repeated. */
  startFailed(work: Work, error: unknown, reason: unknown, resolve: Resolve<T> = null): void {
    commit(() => {
      const run = this.open(work, reason, resolve, false);
      if (run !== null) this.end(run, false, error);
    });
  }

  /** Makes a run the newest, and ends the one in flight. */
  private open(work: Work, reason: unknown, resolve: Resolve<T>, shows: boolean): R | null {
    if (!this.born) this.refuseInComputed();
    this.tellEnds();
    if (this.disposed) {
      resolve?.(undefined);
      return null;
    }
    if (this.lanes !== null && this.newest !== null) this.announce(this.newest);
    const superseded = this.lanes === null ? this.current : null;
    const run = this.createRun(kernel.taskStart(this.requireTask()), work, resolve);
    this.lanes?.open(run);
    this.current = run;
    this.newest = run;
    this.plan?.group?.join(this, run, superseded);
    if (superseded !== null) this.interrupt(superseded, reason);
    const wasBorn = this.born;
    this.born = false;
    const isPending = shows || run.joint !== null;
    if (run.joint !== null || superseded !== null || (isPending && !wasBorn)) {
      commit(() => {
        this.plan?.group?.showPending();
        /* In any case: a listener of its signal may have ended the new run, too. */
        if (superseded !== null) this.writeSuperseded(superseded, this.newest === run);
        if (!isPending || wasBorn || this.current !== run) return;
        this.showState("pending", undefined);
        this.writePending(run);
      });
    }
    this.tellEnds();
    return run;
  }

  /** Calls the producer under the time limit, if there is one. */
  private attempt(run: R): void {
    this.plan?.limit(run, (error) => this.expire(run, error));
    this.launch(run);
  }

  /** Takes what a producer came to: the end of the run, or of one attempt. */
  protected settle(run: R, fulfilled: boolean, outcome: unknown): void {
    if (this.disposed || !run.open) return;
    this.refuseInComputed();
    if (fulfilled || !this.repeats(run, outcome, false)) this.end(run, fulfilled, outcome);
  }

  /** The attempt took too long. */
  private expire(run: R, error: unknown): void {
    if (!run.open || this.repeats(run, error, true)) return;
    this.end(run, false, error);
    run.abort(error);
  }

  private repeats(run: R, error: unknown, timedOut: boolean): boolean {
    const { plan } = this;
    if (plan === null) return false;
    const delay = plan.delayAfter(run, error);
    /* A function of the option has ended the run: there is nothing left to settle. */
    if (!run.open) return true;
    if (delay === null) return false;
    run.nextAttempt(timedOut ? error : undefined);
    this.close(run);
    if (run.open) plan.wait(run, delay, this.scope, () => this.attempt(run));
    return true;
  }

  /** Ends a run by its outcome: at once, together with others, or when it is its turn. */
  private end(run: R, fulfilled: boolean, outcome: unknown): void {
    if (run.joint !== null) {
      run.joint.park(run, fulfilled, outcome);
      return;
    }
    const { plan } = this;
    if (plan === null || plan.priority <= 0) this.commitEnd(run, fulfilled, outcome);
    else plan.defer(run, () => this.commitEnd(run, fulfilled, outcome));
  }

  private commitEnd(run: R, fulfilled: boolean, outcome: unknown): void {
    commit(() => this.conclude(run, fulfilled, outcome));
    if (run.end !== null) this.tellEnds();
  }

  /** Asks the kernel whether an outcome counts, and writes it. To be called in a commit. */
  conclude(run: R, fulfilled: boolean, outcome: unknown): void {
    if (this.disposed || run.end !== null || !this.counts(run, fulfilled)) return;
    if (this.current === run) this.current = null;
    run.settle(fulfilled, outcome);
    this.leaveUntold(run);
    if (run.token < this.version) return this.writeInterrupted(run, !fulfilled);
    /* Beside a newer run in flight, only the value becomes visible. */
    if (run === this.newest) {
      if (fulfilled) this.showState("success", undefined);
      else this.showState("error", outcome as E);
    }
    this.version = run.token;
    this.updatedAt = now();
    const { extras } = this;
    if (extras !== null) {
      extras.last = run;
      writeSignal(extras.version, run.token);
    }
    if (fulfilled) this.writeSuccess(run, outcome as T);
    else this.writeInterrupted(run, true);
  }

  private counts(run: R, fulfilled: boolean): boolean {
    const state = fulfilled ? SK_TASK_SUCCESS : SK_TASK_ERROR;
    if (this.lanes !== null && !this.lanes.settle(run, state)) return false;
    const verdict = kernel.taskSettle(this.task, run.token, state);
    return this.lanes !== null || verdict === SK_COMMIT;
  }

  /** Cancels what is in flight, and drops what has not started. */
  cancel(reason: unknown): void {
    if (this.disposed) return;
    this.refuseWhenBusy();
    if (this.extras !== null) callAll(this.extras.onDrop);
    this.stop(reason, "cancelled");
  }

  /** There is nothing to run on: ends what is in flight for `reason`, and the cell is idle. */
  skip(reason: unknown): void {
    if (this.disposed) return;
    this.refuseInComputed();
    this.born = false;
    const isBusy = this.current !== null;
    this.stop(reason, "idle");
    if (isBusy || this.current !== null) return;
    commit(() => {
      this.showState("idle", undefined);
      this.writePending(null);
    });
  }

  private refuseWhenBusy(): void {
    if (this.isBusy || this.untold !== null) this.refuseInComputed();
  }

  /** Few and small frames: callbacks that cancel in callbacks nest deep, and the stack is short. */
  private stop(reason: unknown, status: "cancelled" | "idle"): void {
    this.refuseWhenBusy();
    this.tellEnds();
    if (this.lanes !== null) return this.stopAll(this.lanes, reason, status);
    if (this.isAwaited) return commit(() => this.showStatus(status));
    const run = this.current;
    if (run === null || kernel.taskCancel(this.task) !== SK_COMMIT) return;
    this.stopRun(run, reason === undefined ? abortError() : reason, status);
    this.tellEnds();
  }

  private stopAll(lanes: Lanes<R>, reason: unknown, status: "cancelled" | "idle"): void {
    if (this.current !== null) kernel.taskCancel(this.task);
    const why = reason === undefined && lanes.isBusy ? abortError() : reason;
    for (const run of lanes.cancelAll()) {
      this.stopRun(run, why, status);
      this.tellEnds();
    }
  }

  private stopRun(run: R, reason: unknown, status: "cancelled" | "idle"): void {
    if (this.current === run) this.current = null;
    this.interrupt(run, reason);
    commit(() => {
      this.writeInterrupted(run, false);
      if (this.newest === run) this.showStatus(status);
    });
    run.joint?.leave(run);
  }

  /** Ends the cell. A run in flight is cancelled, so that nobody waits for it. */
  dispose(): void {
    if (this.disposed) return;
    this.refuseWhenBusy();
    this.leaveOwner();
    try {
      this.source?.stop();
    } finally {
      if (this.extras !== null) callAll(this.extras.onDrop);
      this.stop("dispose", "cancelled");
      this.count(false);
      if (this.task !== 0) disposeTask(this.task, this.source === null ? this : null);
      if (this.extras !== null) callAll(this.extras.onClose);
    }
  }
}
