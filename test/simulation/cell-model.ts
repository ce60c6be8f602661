/**
 * What a cell must do, as plainly as it can be said: a record that is overwritten, and a list of what
 * happened. It shares nothing with the library. Time is the caller's: it says when a promise's
 * reaction runs, and the model does what semantics.md says happens then.
 */

export type Policy = "keep-partial" | "rollback" | "clear";
export type Kind = "promise" | "resource" | "manual" | "stream";

export interface Settings {
  readonly kind: Kind;
  readonly keeps: boolean;
  readonly onCancel: Policy;
  readonly onError: Policy;
}

export interface ModelRun {
  readonly token: number;
  readonly input: unknown;
  accumulated: string;
  ended: boolean;
  /** Of a run that was superseded, cancelled or disposed. */
  abortedFor: unknown;
  aborted: boolean;
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
  readonly events: string[] = [];
  /** Every state that observers may see, in order. */
  readonly history: string[] = [];
  readonly runs: ModelRun[] = [];
  private current: ModelRun | null = null;
  private readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
    this.status = "idle";
    this.value = settings.kind === "stream" ? INITIAL_STREAM : undefined;
    this.stable = this.value;
  }

  state(): string {
    return JSON.stringify([this.status, this.value, this.stable, this.error]);
  }

  private commit(): void {
    if (this.history.at(-1) !== this.state()) this.history.push(this.state());
  }

  isInFlight(run: ModelRun): boolean {
    return this.current === run;
  }

  /** A new run, which supersedes the one in flight; null when the cell is disposed. */
  start(input: unknown, reason: string): ModelRun | null {
    if (this.disposed) return null;
    const old = this.current;
    const run: ModelRun = {
      token: this.runs.length + 1,
      input,
      accumulated: INITIAL_STREAM,
      ended: false,
      aborted: false,
      abortedFor: undefined,
      result: undefined,
    };
    this.runs.push(run);
    this.current = run;
    this.status = "pending";
    this.error = undefined;
    if (old !== null) {
      this.abort(old, reason);
      this.interruptValue(this.settings.onCancel);
      this.events.push(`cancel ${old.token} ${reason}`);
    }
    if (this.settings.kind !== "stream" && !this.settings.keeps) this.value = undefined;
    this.events.push(`start ${run.token}`);
    this.commit();
    return run;
  }

  private abort(run: ModelRun, reason: unknown): void {
    run.ended = true;
    run.aborted = true;
    run.abortedFor = reason;
  }

  private interruptValue(policy: Policy): void {
    if (this.settings.kind !== "stream" || policy === "keep-partial") return;
    this.value = policy === "rollback" ? this.stable : INITIAL_STREAM;
  }

  succeed(run: ModelRun, value: unknown): boolean {
    if (this.current !== run) return false;
    this.end(run, "success");
    this.value = value;
    this.error = undefined;
    if (this.settings.kind === "stream") this.stable = value;
    run.result = value;
    this.events.push(`success ${run.token}`);
    this.commit();
    return true;
  }

  fail(run: ModelRun, error: unknown): boolean {
    if (this.current !== run) return false;
    this.end(run, "error");
    this.interruptValue(this.settings.onError);
    this.error = error;
    this.events.push(`error ${run.token} ${error}`);
    this.commit();
    return true;
  }

  private end(run: ModelRun, status: string): void {
    run.ended = true;
    this.current = null;
    this.status = status;
  }

  emit(run: ModelRun, chunk: string): void {
    if (this.current === run) this.show(run, run.accumulated + chunk);
  }

  show(run: ModelRun, value: string): void {
    if (this.current !== run) return;
    run.accumulated = value;
    this.status = "streaming";
    this.value = value;
    this.commit();
  }

  cancel(reason: unknown): void {
    const run = this.current;
    if (run === null) return;
    this.abort(run, reason);
    this.end(run, "cancelled");
    this.interruptValue(this.settings.onCancel);
    this.events.push(`cancel ${run.token} ${reason}`);
    this.commit();
  }

  dispose(): void {
    if (this.disposed) return;
    this.cancel("dispose");
    this.disposed = true;
  }
}
