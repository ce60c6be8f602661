/**
 * A single-shot cell: each run settles once.
 */
import { writeSignal } from "#engine";
import { untrackedCall } from "./callbacks.js";
import { Cell } from "./cell.js";
import { commit } from "./commit.js";
import { type Production, produce } from "./outcome.js";
import { Layer, Overlay, type Paint } from "./overlay.js";
import { Context, type Resolve, Run } from "./run.js";
import { settingsOf } from "./settings.js";
import type { Awaitable, ResourceContext } from "./types.js";

/** What one run works on. */
export interface Job<T> {
  readonly input: unknown;
  readonly call: (context: ResourceContext) => Awaitable<T>;
  /** What is shown until it has ended. */
  readonly layer?: Layer<T>;
}

const callJob = <T>({ call }: Job<T>, context: ResourceContext) => call(context);

/** The job of a producer that takes an input. */
export function jobOn<T>(
  producer: (input: unknown, context: ResourceContext) => Awaitable<T>,
  input: unknown,
): Job<T> {
  return { input, call: (context) => producer(input, context) };
}

export class SingleRun<T> extends Run<T> implements Production {
  readonly job: Job<T>;

  constructor(token: number, job: Job<T>, resolve: Resolve<T>) {
    super(token, resolve);
    this.job = job;
  }

  /** Calls the producer, for the attempt that begins now. */
  produce(): unknown {
    const context = new Context(this);
    return untrackedCall(callJob, this.job, context);
  }
}

export class SingleCell<T, E> extends Cell<T, E, Job<T>, SingleRun<T>> {
  /** Makes what depends on a success out of date. */
  invalidate: ((input: unknown, value: T) => void) | null = null;
  /** While there are optimistic values. */
  private overlay: Overlay<T> | null = null;

  constructor(options: object, eager: boolean) {
    super({ eager, settings: settingsOf<T, E>(options, "resource") });
  }

  get kind(): "resource" {
    return "resource";
  }

  /** The value without what is optimistic. */
  committedValue(): T | undefined {
    return this.overlay === null ? this.peekValue() : this.overlay.base;
  }

  /** A layer over what is shown now. Throws what `paint` throws. */
  layerOf(paint: Paint<T>): Layer<T> {
    return new Layer(paint, this.peekValue());
  }

  /** Shows a layer. */
  show(layer: Layer<T>): void {
    this.overlay ??= new Overlay(this.peekValue());
    this.overlay.add(layer);
    this.refresh();
  }

  /** Takes a layer away whose run has ended, or will not start. */
  hide(layer: Layer<T> | undefined): void {
    if (layer === undefined || this.overlay === null) return;
    this.overlay.remove(layer);
    this.refresh();
  }

  private refresh(): void {
    const { overlay } = this;
    if (overlay === null) return;
    const { value } = overlay;
    if (overlay.isEmpty) this.overlay = null;
    commit(() => this.showValue(value));
  }

  private write(value: T | undefined): void {
    if (this.overlay === null) this.showValue(value);
    else {
      this.overlay.base = value;
      this.refresh();
    }
  }

  protected createRun(token: number, job: Job<T>, resolve: Resolve<T>): SingleRun<T> {
    return new SingleRun(token, job, resolve);
  }

  protected launch(run: SingleRun<T>): void {
    const { attempt } = run;
    produce(run, (fulfilled, outcome) => {
      if (run.attempt === attempt) this.settle(run, fulfilled, outcome);
    });
  }

  protected writeSuperseded(run: SingleRun<T>): void {
    this.hide(run.job.layer);
  }

  protected writePending(run: SingleRun<T> | null): void {
    const layer = run?.job.layer;
    /* An optimistic value is made of the previous one, and rolled back to it. */
    if (layer !== undefined) this.show(layer);
    else if (!this.settings.keepsPrevious) this.write(this.settings.initial);
  }

  protected writeInterrupted(run: SingleRun<T>): void {
    this.hide(run.job.layer);
  }

  protected writeSuccess(run: SingleRun<T>, value: T): void {
    this.hide(run.job.layer);
    this.write(value);
  }

  protected writeSeeded(value: T | undefined): void {
    writeSignal(this.value, value);
  }

  protected dropLayers(): void {
    this.overlay = null;
  }

  protected close(): void {}

  protected afterSuccess(run: SingleRun<T>, value: T): void {
    this.invalidate?.(run.job.input, value);
  }
}
