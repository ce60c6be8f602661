/**
 * A single-shot cell: each run settles once.
 */
import { untracked, writeSignal } from "#engine";
import { Cell } from "./cell.js";
import { booleanOption, callbacksOf } from "./options.js";
import { produce } from "./outcome.js";
import { Context, type Resolve, Run } from "./run.js";
import type { Awaitable, ResourceContext } from "./types.js";

/** What one run works on. */
export interface Job<T> {
  readonly input: unknown;
  readonly call: (context: ResourceContext) => Awaitable<T>;
}

class SingleRun<T> extends Run<T> {
  readonly job: Job<T>;

  constructor(token: number, job: Job<T>, resolve: Resolve<T>) {
    super(token, resolve);
    this.job = job;
  }
}

export class SingleCell<T, E> extends Cell<T, E, Job<T>, SingleRun<T>> {
  readonly keepsPrevious: boolean;
  /** Makes what depends on a success out of date. */
  invalidate: ((input: unknown, value: T) => void) | null = null;

  constructor(options: object, eager: boolean) {
    const callbacks = callbacksOf<T, E>(options);
    const keepsPrevious = booleanOption(options, "keepPreviousValueOnPending", true);
    super(false, eager, undefined, callbacks);
    this.keepsPrevious = keepsPrevious;
  }

  protected createRun(token: number, job: Job<T>, resolve: Resolve<T>): SingleRun<T> {
    return new SingleRun(token, job, resolve);
  }

  protected launch(run: SingleRun<T>): void {
    const context = new Context(run);
    produce(
      () => untracked(() => run.job.call(context)),
      (fulfilled, outcome) => this.settle(run, fulfilled, outcome),
    );
  }

  protected writePending(): void {
    if (!this.keepsPrevious) writeSignal(this.value, undefined);
  }

  protected writeInterrupted(): void {}

  protected writeSuccess(value: T): void {
    writeSignal(this.value, value);
  }

  protected close(): void {}

  protected afterSuccess(run: SingleRun<T>, value: T): void {
    this.invalidate?.(run.job.input, value);
  }
}
