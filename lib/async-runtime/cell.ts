/**
 * A cell: one kernel task, and three signals that show where it stands.
 *
 *     start   old run aborted, pending committed, events, producer called
 *     settle  the kernel's verdict; then value, status and error committed, events
 *     cancel  the kernel's verdict; then the signal aborted, cancelled committed, events
 *
 * Invariant: `current` is the run that is in flight for the kernel, or null. Whether an outcome may
 * become visible is the kernel's answer alone. Everything that the program gave may call back into
 * the cell, so after each such call the run is compared with `current` before the work goes on.
 */
import {
  batch,
  kernel,
  onCommitted,
  peekSignal,
  reportUncaught,
  SignalNode,
  SK_COMMIT,
  SK_TASK_ERROR,
  SK_TASK_SUCCESS,
  writeSignal,
} from "#engine";
import { notify } from "./callbacks.js";
import type { Run } from "./run.js";
import type { StreamAsyncStatus } from "./stream-types.js";
import { createTask, disposeTask } from "./task.js";
import type { AsyncCallbacks, FromPromiseEvent } from "./types.js";

/** Resolves the promise of the run that is about to start; null when nobody asked for one. */
export type Resolve<T> = ((value: T | undefined) => void) | null;

/** What a run works on; called at its time, never before the start was made known. */
export type Work = unknown;

export abstract class Cell<T, E, R extends Run<T> = Run<T>> {
  readonly value: SignalNode<T | undefined>;
  readonly status: SignalNode<StreamAsyncStatus>;
  readonly error = new SignalNode<E | undefined>(undefined, null, undefined);
  disposed = false;
  protected current: R | null = null;
  protected readonly task: number;
  /** Stops what starts runs from outside, when the cell ends. */
  stopSource: (() => void) | null = null;
  private readonly callbacks: AsyncCallbacks<T, E>;

  /** With `eager` the cell is born pending, and its first `start` follows at once. */
  constructor(
    stream: boolean,
    eager: boolean,
    initial: T | undefined,
    callbacks: AsyncCallbacks<T, E>,
  ) {
    this.task = createTask(this, stream);
    this.callbacks = callbacks;
    this.value = new SignalNode<T | undefined>(initial, null, undefined);
    this.status = new SignalNode<StreamAsyncStatus>(eager ? "pending" : "idle", null, undefined);
  }

  protected abstract createRun(token: number, work: Work, resolve: Resolve<T>): R;
  /** Writes the value that is visible while `run` is pending. */
  protected abstract writePending(superseded: R | null): void;
  /** Writes the value that stays when a run ends early. */
  protected abstract writeInterrupted(failed: boolean): void;
  /** Writes what a success makes visible. */
  protected abstract writeSuccess(value: T): void;
  /** What belongs to the run ends, before its end becomes visible. */
  protected abstract close(run: R): void;
  protected abstract launch(run: R): void;

  /** Starts a run; one in flight is superseded for `reason`. */
  start(work: Work, reason: unknown, resolve: Resolve<T> = null): void {
    const run = this.open(work, reason, resolve);
    if (run !== null && this.announce(run)) this.launch(run);
  }

  /** A run that fails before it has begun: start and error are one commit. */
  startFailed(error: unknown, reason: unknown, resolve: Resolve<T> = null): void {
    this.commit(() => {
      const run = this.open(null, reason, resolve);
      if (run !== null) this.settle(run, false, error);
    });
  }

  /** Makes the run that is the newest from now on, and ends the one before. */
  private open(work: Work, reason: unknown, resolve: Resolve<T>): R | null {
    if (this.disposed) {
      resolve?.(undefined);
      return null;
    }
    const superseded = this.current;
    const run = this.createRun(this.take(), work, resolve);
    this.current = run;
    if (superseded !== null) this.interrupt(superseded, reason);
    this.commit(() => {
      if (this.current !== run) return;
      writeSignal(this.status, "pending");
      writeSignal(this.error, undefined);
      this.writePending(superseded);
    });
    if (superseded !== null) this.endInterrupted(superseded);
    return run;
  }

  /** The next version, from the kernel. Refused where signals may not be written. */
  private take(): number {
    const isBorn = this.status.changedAt === 0 && peekSignal(this.status) === "pending";
    if (!isBorn) this.refuseInComputed();
    return kernel.taskStart(this.task);
  }

  /** Throws inside a computed, before anything is changed: a write that changes nothing does. */
  protected refuseInComputed(): void {
    writeSignal(this.status, peekSignal(this.status));
  }

  /** Takes the outcome of a run, whichever it is; the kernel says whether it counts. */
  settle(run: R, fulfilled: boolean, outcome: unknown): void {
    if (this.disposed) return;
    const state = fulfilled ? SK_TASK_SUCCESS : SK_TASK_ERROR;
    if (kernel.taskSettle(this.task, run.token, state) !== SK_COMMIT) return;
    this.current = null;
    this.close(run);
    this.commit(() => {
      if (fulfilled) this.writeSuccess(outcome as T);
      else this.writeInterrupted(true);
      writeSignal(this.status, fulfilled ? "success" : "error");
      writeSignal(this.error, fulfilled ? undefined : (outcome as E));
    });
    this.announce(run);
    if (fulfilled) this.endSuccess(run, outcome as T);
    else this.endError(run, outcome as E);
    run.finish(fulfilled ? (outcome as T) : undefined);
  }

  /** Cancels the run in flight, if there is one. */
  cancel(reason: unknown): void {
    const run = this.current;
    if (this.disposed || run === null) return;
    this.refuseInComputed();
    if (kernel.taskCancel(this.task) !== SK_COMMIT) return;
    this.current = null;
    this.interrupt(run, reason ?? new DOMException("This operation was aborted", "AbortError"));
    this.commit(() => {
      if (this.current !== null) return;
      this.writeInterrupted(false);
      writeSignal(this.status, "cancelled");
    });
    this.endInterrupted(run);
  }

  /** Ends the cell. A run in flight is cancelled, so that nobody waits for it. */
  dispose(): void {
    if (this.disposed) return;
    this.stopSource?.();
    this.cancel("dispose");
    /* A callback of that may have disposed it, or may have started another run. */
    if (this.current !== null) return this.dispose();
    if (this.disposed) return;
    this.disposed = true;
    disposeTask(this, this.task);
  }

  /** Writes that become visible together. Errors of effects are not the cell's: they are reported. */
  protected commit(write: () => void): void {
    try {
      batch(() => onCommitted(write));
    } catch (error) {
      reportUncaught(error);
    }
  }

  private interrupt(run: R, reason: unknown): void {
    run.interrupt(reason);
    this.close(run);
  }

  /** Makes the start known, once. False when the run is not in flight, or not any more. */
  private announce(run: R): boolean {
    if (!run.announced) {
      run.announced = true;
      this.emitEvent({ type: "start", token: run.token, ts: Date.now() });
    }
    return this.current === run;
  }

  private emitEvent(event: FromPromiseEvent<E>): void {
    notify(this.callbacks.onEvent, event);
  }

  protected endSuccess(run: R, value: T): void {
    this.emitEvent({ type: "success", token: run.token, ts: Date.now() });
    notify(this.callbacks.onSuccess, value);
  }

  private endError(run: R, error: E): void {
    this.emitEvent({ type: "error", token: run.token, ts: Date.now(), error });
    notify(this.callbacks.onError, error);
  }

  private endInterrupted(run: R): void {
    this.announce(run);
    const reason = run.reason;
    this.emitEvent({ type: "cancel", token: run.token, ts: Date.now(), reason });
    notify(this.callbacks.onCancel, reason);
    run.finish(undefined);
  }
}
