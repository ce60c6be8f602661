/**
 * A cell: one kernel task, and three signals that show where it stands.
 *
 *     start   old run aborted, pending committed, events, producer called
 *     settle  the kernel's verdict; then value, status and error committed, events
 *     cancel  the kernel's verdict; then the signal aborted, cancelled committed, events
 *
 * Invariants: `current` is the run that is in flight for the kernel, or null; `newest` is the last
 * one started. Whether an outcome may become visible is the kernel's answer alone. Everything that
 * the program gave may call back into the cell, so what is committed or called after such a call is
 * compared with these two first.
 */
import { kernel, SK_COMMIT, SK_TASK_ERROR, SK_TASK_SUCCESS, writeSignal } from "#engine";
import { commit } from "./commit.js";
import { tellCancel, tellError, tellStart, tellSuccess } from "./events.js";
import { abortError, type Resolve, type Run } from "./run.js";
import { createState, peekState, type State } from "./state.js";
import type { StreamAsyncStatus } from "./stream-types.js";
import { createTask, disposeTask } from "./task.js";
import type { AsyncCallbacks } from "./types.js";

export abstract class Cell<T, E, Work, R extends Run<T>> {
  readonly value: State<T | undefined>;
  readonly status: State<StreamAsyncStatus>;
  readonly error = createState<E | undefined>(undefined);
  disposed = false;
  /** Stops what starts runs from outside, when the cell ends. */
  stopSource: (() => void) | null = null;
  protected readonly task: number;
  private current: R | null = null;
  private newest: R | null = null;
  /** A run whose end is committed, or being committed, and not yet known to the program. */
  private untold: R | null = null;
  /** Pending since its creation: the first start has nothing to commit. */
  private born: boolean;
  private readonly callbacks: AsyncCallbacks<T, E>;

  /** With `eager` the cell is pending from the beginning, and its first start follows at once. */
  constructor(
    stream: boolean,
    eager: boolean,
    initial: T | undefined,
    callbacks: AsyncCallbacks<T, E>,
  ) {
    this.task = createTask(this, stream);
    this.born = eager;
    this.callbacks = callbacks;
    this.value = createState(initial);
    this.status = createState<StreamAsyncStatus>(eager ? "pending" : "idle");
  }

  protected abstract createRun(token: number, work: Work, resolve: Resolve<T>): R;
  /** Calls the producer. */
  protected abstract launch(run: R): void;
  /** Writes the value that is visible while a run is pending. */
  protected abstract writePending(superseded: boolean): void;
  /** Writes the value that stays when a run ends early. */
  protected abstract writeInterrupted(failed: boolean): void;
  /** Writes what a success makes visible. */
  protected abstract writeSuccess(value: T): void;
  /** Ends what belongs to a run that is over. */
  protected abstract close(run: R): void;
  /** What follows a success, after `onSuccess`. */
  protected abstract afterSuccess(run: R, value: T): void;

  /** Starts a run; one in flight is superseded for `reason`. */
  start(work: Work, reason: unknown, resolve: Resolve<T> = null): void {
    const run = this.open(work, reason, resolve, true);
    if (run !== null && this.announce(run)) this.launch(run);
  }

  /** A run that has failed before its producer could be called. */
  startFailed(work: Work, error: unknown, reason: unknown, resolve: Resolve<T> = null): void {
    const run = this.open(work, reason, resolve, false);
    if (run !== null) this.settle(run, false, error);
  }

  /** Makes a run the newest, and ends the one in flight. */
  private open(work: Work, reason: unknown, resolve: Resolve<T>, shows: boolean): R | null {
    if (!this.born) this.refuseInComputed();
    this.tellEnd();
    if (this.disposed) {
      resolve?.(undefined);
      return null;
    }
    const superseded = this.current;
    const run = this.createRun(kernel.taskStart(this.task), work, resolve);
    this.current = run;
    this.newest = run;
    if (superseded !== null) this.interrupt(superseded, reason);
    if (shows && !this.born) {
      commit(() => {
        if (this.current !== run) return;
        writeSignal(this.status, "pending");
        writeSignal(this.error, undefined);
        this.writePending(superseded !== null);
      });
    }
    this.born = false;
    this.tellEnd();
    return run;
  }

  /** Throws inside a computed, before anything is changed: as every write does. */
  protected refuseInComputed(): void {
    writeSignal(this.status, peekState(this.status));
  }

  /** Takes the outcome of a run, whichever it is; the kernel says whether it counts. */
  protected settle(run: R, fulfilled: boolean, outcome: unknown): void {
    if (this.disposed) return;
    this.refuseInComputed();
    const state = fulfilled ? SK_TASK_SUCCESS : SK_TASK_ERROR;
    if (kernel.taskSettle(this.task, run.token, state) !== SK_COMMIT) return;
    this.current = null;
    run.settle(fulfilled, outcome);
    this.untold = run;
    commit(() => {
      if (fulfilled) this.writeSuccess(outcome as T);
      else this.writeInterrupted(true);
      writeSignal(this.status, fulfilled ? "success" : "error");
      writeSignal(this.error, fulfilled ? undefined : (outcome as E));
    });
    this.tellEnd();
  }

  /** Cancels the run in flight, if there is one. */
  cancel(reason: unknown): void {
    if (!this.disposed) this.cancelCurrent(reason);
  }

  private cancelCurrent(reason: unknown): void {
    if (this.current === null && this.untold === null) return;
    this.refuseInComputed();
    this.tellEnd();
    const run = this.current;
    if (run === null) return;
    if (kernel.taskCancel(this.task) !== SK_COMMIT) return;
    this.current = null;
    this.interrupt(run, reason === undefined ? abortError() : reason);
    commit(() => {
      if (this.newest !== run) return;
      this.writeInterrupted(false);
      writeSignal(this.status, "cancelled");
    });
    this.tellEnd();
  }

  /** Ends the cell. A run in flight is cancelled, so that nobody waits for it. */
  dispose(): void {
    if (this.disposed) return;
    if (this.current !== null) this.refuseInComputed();
    this.disposed = true;
    try {
      this.stopSource?.();
    } finally {
      this.cancelCurrent("dispose");
      disposeTask(this, this.task);
    }
  }

  /** Makes the start known, once. False when the run is not in flight, or not any more. */
  private announce(run: R): boolean {
    if (!run.announced) {
      run.announced = true;
      tellStart(this.callbacks, run.token);
    }
    return this.current === run;
  }

  /** Aborts a run. Its listeners may call back into the cell. */
  private interrupt(run: R, reason: unknown): void {
    this.untold = run;
    run.interrupt(reason);
  }

  /**
   * Makes known how the last run ended, once: after its commit, or in the middle of that when an
   * effect starts the next run.
   */
  private tellEnd(): void {
    const run = this.untold;
    if (run === null) return;
    this.untold = null;
    this.close(run);
    this.announce(run);
    const { token, outcome } = run;
    if (run.interrupted) tellCancel(this.callbacks, token, run.reason);
    else if (!run.fulfilled) tellError(this.callbacks, token, outcome as E);
    else {
      tellSuccess(this.callbacks, token, outcome as T);
      this.afterSuccess(run, outcome as T);
    }
    run.finish();
  }
}
