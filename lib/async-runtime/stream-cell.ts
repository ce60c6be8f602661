/**
 * A stream cell: each run shows what it accumulates, and commits when it is done.
 *
 * Three values: what the run has accumulated, which starts from the initial value each time; the
 * visible value; and the stable one, which only `done` moves. A policy says what becomes visible when
 * a run ends early.
 */
import {
  isAllCommitted,
  kernel,
  onCommitted,
  type SignalNode,
  SK_COMMIT,
  type Source,
  untracked,
  writeSignal,
} from "#engine";
import { wordOption } from "../core/options.js";
import { notify, untrackedCall } from "./callbacks.js";
import { Cell } from "./cell.js";
import { functionOption } from "./options.js";
import { produce } from "./outcome.js";
import { pump } from "./pump.js";
import { type Resolve, Run } from "./run.js";
import { settingsOf } from "./settings.js";
import { createState, type State } from "./state.js";
import { StreamRunContext } from "./stream-context.js";
import type { StreamContext, StreamInterruptionPolicy } from "./stream-types.js";

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

const POLICIES: readonly StreamInterruptionPolicy[] = ["keep-partial", "rollback", "clear"];

/** Calls the producer of one run. */
export type Stream<C, V> = (context: StreamContext<C, V>) => unknown;

export class StreamRun<C, V> extends Run<V> {
  readonly stream: Stream<C, V>;
  accumulated: V | undefined;
  /** The kernel has said that what it emits becomes visible; that holds as long as it is the cell's current run. */
  isHeard = false;
  readonly cleanups: (() => void)[] = [];

  constructor(token: number, stream: Stream<C, V>, resolve: Resolve<V>, initial: V | undefined) {
    super(token, resolve);
    this.stream = stream;
    this.accumulated = initial;
  }

  /** Whether an attempt may still do something. */
  isOpen(attempt: number): boolean {
    return this.open && this.attempt === attempt;
  }
}

export class StreamCell<C, V, E> extends Cell<V, E, Stream<C, V>, StreamRun<C, V>> {
  readonly stable: State<V | undefined>;
  private readonly reduce: ((current: V | undefined, chunk: C) => V) | undefined;
  private readonly onCancel: StreamInterruptionPolicy;
  private readonly onError: StreamInterruptionPolicy;

  constructor(options: object) {
    const settings = settingsOf<V, E>(options, "stream");
    const reduce = functionOption<(current: V | undefined, chunk: C) => V>(options, "reduce");
    const onCancel = wordOption(options, "onCancel", POLICIES, "rollback");
    const onError = wordOption(options, "onError", POLICIES, "rollback");
    super({ eager: true, settings });
    this.stable = createState(settings.initial, settings.states.value);
    this.reduce = reduce;
    this.onCancel = onCancel;
    this.onError = onError;
  }

  get kind(): "stream" {
    return "stream";
  }

  private get initial(): V | undefined {
    return this.settings.initial;
  }

  override parts(): readonly Source[] {
    return [...super.parts(), this.stable as SignalNode];
  }

  committedValue(): V | undefined {
    return this.stable.value;
  }

  protected createRun(token: number, stream: Stream<C, V>, resolve: Resolve<V>): StreamRun<C, V> {
    return new StreamRun(token, stream, resolve, this.initial);
  }

  /** Two microtasks later: of a burst of changes only the last one reaches its producer. */
  protected launch(run: StreamRun<C, V>): void {
    const { attempt } = run;
    enqueue(() => enqueue(() => run.isOpen(attempt) && this.call(run, attempt)));
  }

  /** An attempt starts from the initial value; what the one before has shown stays until it emits. */
  private call(run: StreamRun<C, V>, attempt: number): void {
    const context = new StreamRunContext(this, run);
    run.accumulated = this.initial;
    produce({ produce: () => untracked(() => run.stream(context)) }, (fulfilled, outcome) => {
      if (fulfilled) pump(outcome, run, context);
      else if (run.isOpen(attempt)) this.settle(run, false, outcome);
    });
  }

  /** Adds a chunk. A reducer that throws ends the run, and tells the producer by its signal. */
  emit(run: StreamRun<C, V>, chunk: C): void {
    if (!run.open) return;
    this.refuseInComputed();
    const { attempt } = run;
    let next: V;
    try {
      next = this.add(run.accumulated, chunk);
    } catch (error) {
      const { open } = run;
      this.settle(run, false, error);
      if (open && run.attempt === attempt) run.abort(error);
      return;
    }
    if (run.attempt === attempt) this.show(run, next);
  }

  private add(accumulated: V | undefined, chunk: C): V {
    const { reduce } = this;
    if (reduce === undefined) return chunk as unknown as V;
    return untrackedCall(reduce, accumulated, chunk);
  }

  /** Makes a value visible, if the kernel says that the run is the one in flight. */
  show(run: StreamRun<C, V>, value: V): void {
    if (!run.open) return;
    this.refuseInComputed();
    if (!this.hears(run)) return;
    run.accumulated = value;
    /* In a group it becomes visible with the others. */
    if (run.joint !== null) return;
    if (isAllCommitted()) this.showChunk(value);
    else this.commitChunk(value);
  }

  /** Of a run that goes on the kernel is asked once: only this cell could change its answer. */
  private hears(run: StreamRun<C, V>): boolean {
    if (!run.isHeard || run !== this.current)
      run.isHeard = kernel.taskEmit(this.task, run.token) === SK_COMMIT;
    return run.isHeard;
  }

  /** No batch: the emits of one synchronous stretch are seen by observers once. */
  private showChunk(value: V): void {
    if (this.peekStatus() !== "streaming") this.showStatus("streaming");
    this.showValue(value);
  }

  private commitChunk(value: V): void {
    onCommitted(() => this.showChunk(value));
  }

  done(run: StreamRun<C, V>, final: V | undefined): void {
    if (run.open) this.settle(run, true, final === undefined ? run.accumulated : final);
  }

  fail(run: StreamRun<C, V>, error: unknown): void {
    if (run.open) this.settle(run, false, error);
  }

  private writePolicy(policy: StreamInterruptionPolicy): void {
    if (policy === "rollback") this.showValue(this.committedValue());
    else if (policy === "clear") this.showValue(this.initial);
  }

  protected writeSuperseded(_run: StreamRun<C, V>, last: boolean): void {
    if (last) this.writePolicy(this.onCancel);
  }

  protected writePending(): void {}

  protected writeInterrupted(run: StreamRun<C, V>, failed: boolean): void {
    if (this.newest === run) this.writePolicy(failed ? this.onError : this.onCancel);
  }

  protected writeSuccess(_run: StreamRun<C, V>, value: V): void {
    this.showValue(value);
    writeSignal(this.stable, value);
  }

  protected writeSeeded(value: V | undefined): void {
    writeSignal(this.value, value);
    writeSignal(this.stable, value);
  }

  protected dropLayers(): void {}

  protected close(run: StreamRun<C, V>): void {
    for (let cleanup = run.cleanups.pop(); cleanup !== undefined; cleanup = run.cleanups.pop())
      notify(this.scope, cleanup);
  }

  protected afterSuccess(): void {}
}
