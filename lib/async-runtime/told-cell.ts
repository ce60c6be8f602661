/**
 * The part of a cell that the program sees: its signals, and its events. Which run stands where is the
 * other part's, see cell.ts.
 *
 * Value, status and error are fields until somebody tracks them; then each becomes a signal of the graph,
 * which has it from then on. Most cells are idle, or are read by one who does not track.
 */
import {
  beginWork,
  type Cleanups,
  currentOwner,
  endWork,
  forget,
  isEvaluating,
  type Owned,
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
import type { Run } from "./run.js";
import type { CellSettings } from "./settings.js";
import { createState, type State } from "./state.js";
import type { StreamAsyncStatus } from "./stream-types.js";

/** What a cell is created from. */
export interface CellParts<T, E> {
  /** The cell is pending from the beginning, and its first start follows at once. */
  readonly eager: boolean;
  readonly settings: CellSettings<T, E>;
}

export abstract class ToldCell<T, E, R extends Run<T>> implements Told<T, E>, Owned {
  disposed = false;
  registeredIn: Cleanups | null = null;
  /** Version of the outcome that committed last, and when it did. */
  version = 0;
  updatedAt: number | undefined = undefined;
  /** The run that was started last. */
  newest: R | null = null;
  protected extras: Extras<T> | null = null;
  /** Runs whose end is committed, or being committed, and not yet known to the program. */
  protected untold: R | null = null;
  readonly settings: CellSettings<T, E>;
  readonly scope: ScopeNode | null = scopeOf(currentOwner());
  /** Whether its scope counts it as pending. */
  private isCounted = false;
  /* What it shows, and the signals in the place of that. */
  private shownValue: T | undefined;
  private shownStatus: StreamAsyncStatus;
  private shownError: E | undefined = undefined;
  private valueNode: State<T | undefined> | null = null;
  private statusNode: State<StreamAsyncStatus> | null = null;
  private errorNode: State<E | undefined> | null = null;

  constructor({ eager, settings }: CellParts<T, E>) {
    const { initial, states } = settings;
    this.settings = settings;
    this.shownValue = initial;
    this.shownStatus = eager ? "pending" : "idle";
    if (states.value !== null) this.ownParts(states);
    this.count(eager);
  }

  /** It ends: its owner does not have to end it. */
  protected leaveOwner(): void {
    this.disposed = true;
    forget(this);
  }

  /** The cell as one thing in the graph, whatever its types are. */
  get whole(): Whole {
    return this as unknown as Whole;
  }

  /** Signals with options belong to one cell, which they name; the value may have a comparison. */
  private ownParts(states: StateOptions<T | undefined>): void {
    for (const part of Object.values(states)) if (part !== null) part.of = this.whole;
    this.valueNode = createState(this.shownValue, states.value);
  }

  get value(): State<T | undefined> {
    this.valueNode ??= createState(this.shownValue, this.settings.states.value);
    return this.valueNode;
  }

  get status(): State<StreamAsyncStatus> {
    this.statusNode ??= createState(this.shownStatus, this.settings.states.status);
    return this.statusNode;
  }

  get error(): State<E | undefined> {
    this.errorNode ??= createState(this.shownError, this.settings.states.error);
    return this.errorNode;
  }

  peekValue(): T | undefined {
    return this.valueNode === null ? this.shownValue : this.valueNode.value;
  }

  peekStatus(): StreamAsyncStatus {
    return this.statusNode === null ? this.shownStatus : this.statusNode.value;
  }

  peekError(): E | undefined {
    return this.errorNode === null ? this.shownError : this.errorNode.value;
  }

  parts(): readonly Source[] {
    const parts: unknown[] = [this.value, this.status, this.error];
    if (this.extras !== null) parts.push(this.extras.version, this.extras.record);
    return parts.filter((part) => part !== null) as SignalNode[];
  }

  protected showValue(value: T | undefined): void {
    if (this.valueNode === null) this.shownValue = value;
    else writeSignal(this.valueNode, value);
  }

  /** Writes where the newest run stands. */
  protected showStatus(status: StreamAsyncStatus): void {
    if (this.statusNode === null) this.shownStatus = status;
    else writeSignal(this.statusNode, status);
    this.count(status === "pending");
  }

  /** Writes where the newest run stands, and what it failed with. */
  protected showState(status: StreamAsyncStatus, error: E | undefined): void {
    this.showStatus(status);
    if (this.errorNode === null) this.shownError = error;
    else writeSignal(this.errorNode, error);
  }

  /** Whether `settled` waits for the cell. */
  protected count(pending: boolean): void {
    if (pending === this.isCounted) return;
    this.isCounted = pending;
    if (pending) beginWork(this.scope);
    else endWork(this.scope);
  }

  abstract dispose(): void;
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
    if (isEvaluating()) writeSignal(this.status, this.peekStatus());
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
