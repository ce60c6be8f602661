/**
 * The part of a cell that takes over a state from elsewhere, as from a snapshot. That goes in steps, so
 * that many cells and signals can do it together, or not at all:
 *
 *     write    inside a transaction: the signals, and what is told beside them; `undo` takes it back
 *     settle   it stays: what is in flight ends, and the kernel's versions go on from the seed's
 *     finish   observers have seen it: the program is told how its runs ended
 *
 * Invariant: from `settle` on no run that was started before can commit, whatever its version.
 */
import {
  kernel,
  SK_TASK_CANCELLED,
  SK_TASK_ERROR,
  SK_TASK_IDLE,
  SK_TASK_SUCCESS,
  writeSignal,
} from "#engine";
import { callAll } from "./extras.js";
import type { Lanes } from "./lanes.js";
import { Run } from "./run.js";
import { createTask } from "./task.js";
import { type CellParts, ToldCell } from "./told-cell.js";

/** A state to take over. */
export interface Seed<T = unknown, E = unknown> {
  /** "pending": a run elsewhere is under way, whose outcome will be another seed. */
  readonly status: "idle" | "pending" | "success" | "error" | "cancelled";
  readonly value: T | undefined;
  readonly error: E | undefined;
  /** Version of the outcome; the cell's own when it is undefined: the one after all it has seen. */
  readonly version: number | undefined;
  readonly updatedAt: number | undefined;
}

const KERNEL_STATES = {
  idle: SK_TASK_IDLE,
  pending: SK_TASK_IDLE,
  success: SK_TASK_SUCCESS,
  error: SK_TASK_ERROR,
  cancelled: SK_TASK_CANCELLED,
} as const;

export abstract class SeededCell<T, E, R extends Run<T>> extends ToldCell<T, E, R> {
  /**
   * What starts runs by itself; stopped when the cell ends. The kernel knows its effect, so that with one
   * a cell cannot be dropped without `dispose`.
   */
  source: { stop(): void } | null = null;
  /** When runs do not supersede each other. */
  lanes: Lanes<R> | null = null;
  /** Its slot in the kernel, which it gets with the first run; 0: none. */
  task = 0;
  protected current: R | null = null;
  /** Pending since its creation: the first start has nothing to commit. */
  protected born: boolean;

  constructor(parts: CellParts<T, E>) {
    super(parts);
    this.born = parts.eager;
  }

  /** Writes the value of a seed; in a transaction. */
  protected abstract writeSeeded(value: T | undefined): void;
  /** Optimistic values are not of the state that is taken over. */
  protected abstract dropLayers(): void;

  /** Whether it waits for the outcome of a run elsewhere: it is pending, and has no run in flight. */
  get isAwaited(): boolean {
    const isBusy = this.current !== null || this.lanes?.isBusy === true;
    return !this.born && !isBusy && this.peekStatus() === "pending";
  }

  abstract readonly kind: "resource" | "stream";

  /** Takes the slot, if it has none. Throws when the kernel has no room. */
  protected requireTask(): number {
    if (this.task === 0)
      this.task = createTask(this.kind === "stream", this.source === null ? this : null);
    return this.task;
  }

  /** Begins to take a state over. Nothing is changed yet but that the kernel knows of the cell. */
  seed(seed: Seed<T, E>): Seeding<T, E, R> {
    const version = seed.version ?? kernel.taskInspect(this.requireTask())[1] + 1;
    return new Seeding<T, E, R>(this, { ...seed, version });
  }

  /** @throws What an option `equals` throws. */
  writeSeed(seed: Seed<T, E>, run: Run<T> | null): void {
    this.version = seed.version as number;
    this.updatedAt = seed.updatedAt;
    this.newest = run as R | null;
    writeSignal(this.status, seed.status);
    writeSignal(this.error, seed.error);
    this.writeSeeded(seed.value);
    if (this.extras !== null) writeSignal(this.extras.version, this.version);
  }

  settleSeed({ status }: Seed<T, E>): void {
    const runs = this.lanes?.cancelAll() ?? (this.current === null ? [] : [this.current]);
    this.current = null;
    this.born = false;
    this.dropLayers();
    kernel.taskSeed(this.requireTask(), this.version, KERNEL_STATES[status]);
    this.count(status === "pending");
    if (this.extras !== null) {
      this.extras.last = this.newest;
      callAll(this.extras.onDrop);
    }
    for (const run of runs) {
      this.interrupt(run, "restore");
      run.joint?.leave(run);
    }
  }

  finishSeed(run: Run<T> | null): void {
    this.tellEnds();
    if (run !== null && this.newest === run && this.extras !== null)
      callAll(this.extras.onEnd, run);
  }
}

/** The run that a state would have come from: whoever asks for the outcome of the newest gets its. */
function runOf<T, E>({ status, value, error, version }: Seed<T, E>): Run<T> | null {
  if (status === "idle" || status === "pending") return null;
  const run = new Run<T>(version as number, null);
  if (status === "cancelled") run.interrupt("restore");
  else run.settle(status === "success", status === "success" ? value : error);
  return run;
}

/** A state on its way into a cell; see the head of this file. */
export class Seeding<T = unknown, E = unknown, R extends Run<T> = Run<T>> {
  private readonly cell: SeededCell<T, E, R>;
  private readonly seed: Seed<T, E>;
  private readonly run: Run<T> | null;
  private readonly before: Pick<SeededCell<T, E, R>, "version" | "updatedAt" | "newest">;

  constructor(cell: SeededCell<T, E, R>, seed: Seed<T, E>) {
    const { version, updatedAt, newest } = cell;
    this.cell = cell;
    this.seed = seed;
    this.run = runOf(seed);
    this.before = { version, updatedAt, newest };
  }

  write(): void {
    this.cell.writeSeed(this.seed, this.run);
  }

  undo(): void {
    Object.assign(this.cell, this.before);
  }

  settle(): void {
    this.cell.settleSeed(this.seed);
  }

  finish(): void {
    this.cell.finishSeed(this.run);
  }
}
