/**
 * One run of a cell: its version, its AbortSignal, and whoever waits for it.
 */
import type { ResourceContext } from "./types.js";

/** Taken at load: a program may replace the global one. */
const Controller = AbortController;
const aborted = AbortSignal.abort.bind(AbortSignal);

export class Run<T> {
  /** The version that the kernel gave it. */
  readonly token: number;
  /** Its start was made known by an event. */
  announced = false;
  /** Superseded, cancelled or disposed, for `reason`. */
  interrupted = false;
  reason: unknown = undefined;
  private readonly resolve: ((value: T | undefined) => void) | null;
  private controller: AbortController | null = null;
  private latecomer: AbortSignal | null = null;

  constructor(token: number, resolve: ((value: T | undefined) => void) | null) {
    this.token = token;
    this.resolve = resolve;
  }

  /** Made when it is first read, which is what it costs; after an abort it is aborted already. */
  get signal(): AbortSignal {
    if (this.controller !== null) return this.controller.signal;
    if (this.interrupted) {
      this.latecomer ??= aborted(this.reason);
      return this.latecomer;
    }
    this.controller = new Controller();
    return this.controller.signal;
  }

  /** Aborts the signal. Its listeners run now; what they throw is reported by the platform. */
  interrupt(reason: unknown): void {
    this.interrupted = true;
    this.reason = reason;
    this.controller?.abort(reason);
  }

  /** Resolves the promise of `run` or `reload`, if there is one. */
  finish(value: T | undefined): void {
    this.resolve?.(value);
  }
}

/** What a single-shot producer gets: no more of the run than it may see. */
export class Context implements ResourceContext {
  readonly token: number;
  readonly #run: Run<unknown>;

  constructor(run: Run<unknown>) {
    this.token = run.token;
    this.#run = run;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }
}
