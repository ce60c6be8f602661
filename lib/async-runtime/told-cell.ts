/**
 * The part of a cell that the program sees: its signals, and its events. Which run stands where is the
 * other part's, see cell.ts.
 */
import {
  beginWork,
  currentOwner,
  endWork,
  type ScopeNode,
  type SignalNode,
  type Source,
  scopeOf,
  type Whole,
  writeSignal,
} from "#engine";
import { type Told, tellCancel, tellError, tellStart, tellSuccess } from "./events.js";
import { callAll, Extras } from "./extras.js";
import type { StateOptions } from "./options.js";
import type { Plan } from "./plan.js";
import type { Run } from "./run.js";
import { createState, peekState, type State } from "./state.js";
import type { StreamAsyncStatus } from "./stream-types.js";
import type { AsyncCallbacks } from "./types.js";

/** What a cell is created from. */
export interface CellParts<T, E> {
  readonly stream: boolean;
  /** The cell is pending from the beginning, and its first start follows at once. */
  readonly eager: boolean;
  readonly initial: T | undefined;
  readonly states: StateOptions<T | undefined>;
  readonly callbacks: AsyncCallbacks<T, E>;
  readonly plan: Plan | null;
}

export abstract class ToldCell<T, E, R extends Run<T>> implements Told<T, E> {
  readonly value: State<T | undefined>;
  readonly status: State<StreamAsyncStatus>;
  readonly error: State<E | undefined>;
  disposed = false;
  /** Version of the outcome that committed last, and when it did. */
  version = 0;
  updatedAt: number | undefined = undefined;
  /** The run that was started last. */
  newest: R | null = null;
  protected extras: Extras<T> | null = null;
  /** Runs whose end is committed, or being committed, and not yet known to the program. */
  protected untold: R | null = null;
  readonly callbacks: AsyncCallbacks<T, E>;
  readonly scope: ScopeNode | null = scopeOf(currentOwner());
  /** Whether its scope counts it as pending. */
  private isCounted = false;

  constructor({ eager, initial, states, callbacks }: CellParts<T, E>) {
    this.callbacks = callbacks;
    this.value = createState(initial, states.value);
    this.status = createState<StreamAsyncStatus>(eager ? "pending" : "idle", states.status);
    this.error = createState<E | undefined>(undefined, states.error);
    if (states.value !== null) this.nameParts(states);
    this.count(eager);
  }

  /** The cell as one thing in the graph, whatever its types are. */
  get whole(): Whole {
    return this as unknown as Whole;
  }

  private nameParts({ value, status, error }: StateOptions<T | undefined>): void {
    for (const part of [value, status, error]) if (part !== null) part.of = this.whole;
  }

  parts(): readonly Source[] {
    const parts: unknown[] = [this.value, this.status, this.error];
    if (this.extras !== null) parts.push(this.extras.version, this.extras.record);
    return parts.filter((part) => part !== null) as SignalNode[];
  }

  /** Writes where the newest run stands. */
  protected showStatus(status: StreamAsyncStatus): void {
    writeSignal(this.status, status);
    this.count(status === "pending");
  }

  /** Writes where the newest run stands, and what it failed with. */
  protected showState(status: StreamAsyncStatus, error: E | undefined): void {
    this.showStatus(status);
    writeSignal(this.error, error);
  }

  /** Whether `settled` waits for the cell. */
  protected count(pending: boolean): void {
    if (pending === this.isCounted) return;
    this.isCounted = pending;
    if (pending) beginWork(this.scope);
    else endWork(this.scope);
  }

  /** Ends what belongs to an attempt that is over. */
  protected abstract close(run: R): void;
  /** What follows a success, after `onSuccess`. */
  protected abstract afterSuccess(run: R, value: T): void;

  /** What only the cells have that somebody asked for it. */
  more(): Extras<T> {
    this.extras ??= new Extras(this.version);
    return this.extras;
  }

  /** Throws inside a computed, before anything is changed: as every write does. */
  protected refuseInComputed(): void {
    writeSignal(this.status, peekState(this.status));
  }

  /** Makes the start known, once. False when the run is not in flight, or not any more. */
  protected announce(run: R): boolean {
    if (!run.announced) {
      run.announced = true;
      tellStart(this, run.token);
    }
    return run.open;
  }

  /** Aborts a run. Its listeners may call back into the cell. */
  protected interrupt(run: R, reason: unknown): void {
    this.leaveUntold(run);
    run.interrupt(reason);
  }

  protected leaveUntold(run: R): void {
    let last = this.untold;
    while (last !== null && last.next !== null) last = last.next;
    if (last === null) this.untold = run;
    else last.next = run;
  }

  /**
   * Makes known how runs ended, each once: after its commit, or in the middle of that when an effect
   * starts the next run.
   */
  tellEnds(): void {
    for (let run = this.untold; run !== null; run = this.untold) {
      this.untold = run.next;
      run.next = null;
      this.close(run);
      this.announce(run);
      if (run.end === "cancel") tellCancel(this, run.token, run.reason);
      else if (run.end === "error") tellError(this, run.token, run.outcome as E);
      else {
        tellSuccess(this, run.token, run.outcome as T);
        this.afterSuccess(run, run.outcome as T);
      }
      run.finish();
      if (this.extras !== null) callAll(this.extras.onEnd, run);
    }
  }
}
