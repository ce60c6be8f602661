/**
 * What a cell must do, as plainly as it can be said: a record that is overwritten, and a list of what
 * happened. It shares nothing with the library. The caller says when a promise's reaction runs and what
 * the source has come to; timers are the model's own, on the same clock.
 */
import type { Clock } from "@signal-kernel/async-runtime";

export type Policy = "keep-partial" | "rollback" | "clear";
export type Kind = "promise" | "resource" | "manual" | "stream" | "iterable";

/** What a source comes to: an input, nothing to run on, or an error of its function. */
export type Reading = { readonly input: unknown } | "skip" | "error";

export interface Settings {
  readonly kind: Kind;
  readonly keeps: boolean;
  readonly drops: boolean;
  readonly onCancel: Policy;
  readonly onError: Policy;
  readonly retries: number;
  readonly delayMs: number;
  /** These are 0 when there is none. */
  readonly timeoutMs: number;
  readonly debounceMs: number;
  readonly pollMs: number;
  /** What a value of its source stands for; null when the cell runs only when it is told to. */
  readonly readingOf: ((input: number) => Reading) | null;
}

export const isStream = ({ kind }: Settings) => kind === "stream" || kind === "iterable";

/** What `input` throws, and what an attempt ends with that took too long. */
export const INPUT_FAILED = "the input failed";
export const TIMED_OUT = "TimeoutError";

export interface ModelSignal {
  aborted: boolean;
  reason: unknown;
}

export interface ModelRun {
  readonly token: number;
  readonly input: unknown;
  accumulated: string;
  attempt: number;
  /** Of each attempt, from 1; those between two timeouts have one in common. */
  readonly signals: ModelSignal[];
  /** Between two attempts nothing is taken from a producer. */
  waiting: boolean;
  timer: unknown;
  /** What the promise of its `reload` or `run` resolves with. */
  result: unknown;
}

const INITIAL_STREAM = "";

export class ModelCell {
  status: string;
  value: unknown;
  stable: unknown;
  error: unknown = undefined;
  disposed = false;
  /** Version of the outcome that committed last. */
  version = 0;
  readonly events: string[] = [];
  /** Every state that observers may see, in order. */
  readonly history: string[] = [];
  readonly runs: ModelRun[] = [];
  private current: ModelRun | null = null;
  private latest: Reading | null = null;
  private unsure: { readonly reading: Reading; readonly timer: unknown } | null = null;
  private polling: unknown = null;
  private readonly settings: Settings;
  private readonly clock: Clock;
  private readonly source: () => number;

  /** `source`: what its source is now. */
  constructor(settings: Settings, clock: Clock, source: () => number) {
    this.settings = settings;
    this.clock = clock;
    this.source = source;
    this.status = settings.kind === "manual" ? "idle" : "pending";
    this.value = isStream(settings) ? INITIAL_STREAM : undefined;
    this.stable = this.value;
    if (settings.kind === "promise") this.latest = { input: undefined };
    const reading = this.read();
    if (reading !== null) this.begin(reading, "source-changed");
    else if (settings.kind === "promise") this.start(undefined, "superseded");
    this.commit();
  }

  state(): string {
    return JSON.stringify([this.status, this.value, this.stable, this.error, this.version]);
  }

  get inFlight(): ModelRun | null {
    return this.current;
  }

  private commit(): void {
    if (this.history.at(-1) !== this.state()) this.history.push(this.state());
  }

  /** Whether an attempt may still do something. */
  isOpen(run: ModelRun, attempt: number): boolean {
    return this.current === run && run.attempt === attempt && !run.waiting;
  }

  /** The source has changed, in a flush. */
  changed(): void {
    const { debounceMs } = this.settings;
    const reading = this.read();
    if (this.disposed || reading === null) return;
    if (debounceMs === 0) return this.begin(reading, "source-changed");
    this.dropUnsure();
    const later = () => this.begin(reading, "source-changed");
    this.unsure = { reading, timer: this.clock.setTimeout(later, debounceMs) };
  }

  private read(): Reading | null {
    const { readingOf } = this.settings;
    return readingOf === null ? null : readingOf(this.source());
  }

  private dropUnsure(): void {
    if (this.unsure !== null) this.clock.clearTimeout(this.unsure.timer);
    this.unsure = null;
  }

  private begin(reading: Reading, reason: string): void {
    this.dropUnsure();
    this.latest = reading;
    if (reading === "skip") this.skip(reason);
    else if (reading === "error") this.startFailed(reason);
    else this.start(reading.input, reason);
  }

  /** Returns the run that it starts, if any. */
  reload(): ModelRun | null {
    const reading = this.unsure?.reading ?? this.latest;
    const { drops } = this.settings;
    if (this.disposed || reading === null || reading === "skip") return null;
    if (drops && this.current !== null) return null;
    const reason = isStream(this.settings) ? "reload" : "superseded";
    this.begin(reading === "error" ? (this.read() as Reading) : reading, reason);
    return this.latest === "skip" ? null : (this.runs.at(-1) as ModelRun);
  }

  run(input: unknown): ModelRun | null {
    if (this.disposed || (this.settings.drops && this.current !== null)) return null;
    this.begin({ input }, "superseded");
    return this.runs.at(-1) as ModelRun;
  }

  private open(input: unknown, reason: string): ModelRun {
    const old = this.current;
    const run: ModelRun = {
      token: this.runs.length + 1,
      input,
      accumulated: INITIAL_STREAM,
      attempt: 1,
      signals: [{ aborted: false, reason: undefined }],
      waiting: false,
      timer: null,
      result: undefined,
    };
    this.runs.push(run);
    if (old !== null) {
      this.abort(old, reason);
      this.interruptValue(this.settings.onCancel);
      this.events.push(`cancel ${old.token} ${reason}`);
    }
    this.current = run;
    this.events.push(`start ${run.token}`);
    return run;
  }

  private start(input: unknown, reason: string): void {
    const run = this.open(input, reason);
    this.status = "pending";
    this.error = undefined;
    if (!isStream(this.settings) && !this.settings.keeps) this.value = undefined;
    this.commit();
    this.attempt(run);
  }

  private startFailed(reason: string): void {
    this.conclude(this.open(undefined, reason), INPUT_FAILED);
  }

  private attempt(run: ModelRun): void {
    run.waiting = false;
    run.accumulated = INITIAL_STREAM;
    const { timeoutMs } = this.settings;
    if (timeoutMs > 0) run.timer = this.clock.setTimeout(() => this.expire(run), timeoutMs);
  }

  private expire(run: ModelRun): void {
    const signal = run.signals.at(-1) as ModelSignal;
    if (!this.repeats(run, true)) this.conclude(run, TIMED_OUT);
    signal.aborted = true;
    signal.reason = TIMED_OUT;
  }

  /** Whether another attempt follows the one that has failed. */
  private repeats(run: ModelRun, timedOut: boolean): boolean {
    const { retries, delayMs } = this.settings;
    if (run.attempt > retries) return false;
    this.clock.clearTimeout(run.timer);
    const signal = run.signals.at(-1) as ModelSignal;
    run.signals.push(timedOut ? { aborted: false, reason: undefined } : signal);
    run.attempt++;
    run.waiting = true;
    run.timer = this.clock.setTimeout(() => this.attempt(run), delayMs);
    return true;
  }

  /** There is nothing to run on. */
  private skip(reason: string): void {
    if (this.current !== null) return this.stop(reason, "idle");
    this.status = "idle";
    this.error = undefined;
    if (!isStream(this.settings) && !this.settings.keeps) this.value = undefined;
    this.commit();
  }

  private abort(run: ModelRun, reason: unknown): void {
    this.clock.clearTimeout(run.timer);
    const signal = run.signals.at(-1) as ModelSignal;
    signal.aborted = true;
    signal.reason = reason;
    this.current = null;
  }

  private interruptValue(policy: Policy): void {
    if (!isStream(this.settings) || policy === "keep-partial") return;
    this.value = policy === "rollback" ? this.stable : INITIAL_STREAM;
  }

  succeed(run: ModelRun, attempt: number, value: unknown): void {
    if (!this.isOpen(run, attempt)) return;
    this.end(run, "success");
    this.value = value;
    this.error = undefined;
    if (isStream(this.settings)) this.stable = value;
    run.result = value;
    this.events.push(`success ${run.token}`);
    this.commit();
  }

  fail(run: ModelRun, attempt: number, error: unknown): void {
    if (this.isOpen(run, attempt) && !this.repeats(run, false)) this.conclude(run, error);
  }

  private conclude(run: ModelRun, error: unknown): void {
    this.end(run, "error");
    this.interruptValue(this.settings.onError);
    this.error = error;
    this.events.push(`error ${run.token} ${error}`);
    this.commit();
  }

  private end(run: ModelRun, status: string): void {
    const { pollMs } = this.settings;
    this.clock.clearTimeout(run.timer);
    this.current = null;
    this.status = status;
    this.version = run.token;
    this.clock.clearTimeout(this.polling);
    if (pollMs > 0) this.polling = this.clock.setTimeout(() => this.poll(), pollMs);
  }

  private poll(): void {
    if (this.current === null && this.status !== "idle") this.reload();
  }

  emit(run: ModelRun, attempt: number, chunk: string): void {
    this.show(run, attempt, run.accumulated + chunk);
  }

  show(run: ModelRun, attempt: number, value: string): void {
    if (!this.isOpen(run, attempt)) return;
    run.accumulated = value;
    this.status = "streaming";
    this.value = value;
    this.commit();
  }

  cancel(reason: unknown): void {
    if (this.disposed) return;
    this.dropUnsure();
    this.clock.clearTimeout(this.polling);
    this.stop(reason, "cancelled");
  }

  private stop(reason: unknown, status: string): void {
    const run = this.current;
    if (run === null) return;
    this.clock.clearTimeout(this.polling);
    this.abort(run, reason);
    this.status = status;
    this.interruptValue(this.settings.onCancel);
    this.events.push(`cancel ${run.token} ${reason}`);
    this.commit();
  }

  dispose(): void {
    this.cancel("dispose");
    this.disposed = true;
  }
}
