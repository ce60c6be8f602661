/**
 * One run of a cell: its version, its AbortSignal, and whoever waits for it.
 */
import type { ResourceContext } from "./types.js";

/** Taken at load: a program may replace the global ones. */
const Controller = AbortController;
const aborted = AbortSignal.abort.bind(AbortSignal);

/** Resolves the promise of the run that is about to start; null when nobody asked for one. */
export type Resolve<T> = ((value: T | undefined) => void) | null;

export class Run<T> implements ResourceContext {
  /** The version that the kernel gave it. */
  readonly token: number;
  /** Its start was made known by an event. */
  announced = false;
  /** Neither settled nor interrupted. */
  open = true;
  /** Ended otherwise than by its producer, for `reason`. */
  interrupted = false;
  reason: unknown = undefined;
  fulfilled = false;
  /** The value, or the error, that it settled with. */
  outcome: unknown = undefined;
  private readonly resolve: Resolve<T>;
  private controller: AbortController | null = null;
  private latecomer: AbortSignal | null = null;

  constructor(token: number, resolve: Resolve<T>) {
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
    this.open = false;
    this.interrupted = true;
    this.reason = reason;
    this.controller?.abort(reason);
  }

  /** It ends by its own outcome. */
  settle(fulfilled: boolean, outcome: unknown): void {
    this.open = false;
    this.fulfilled = fulfilled;
    this.outcome = outcome;
  }

  /** Resolves the promise of `run` or `reload`, if there is one. */
  finish(): void {
    this.resolve?.(this.fulfilled ? (this.outcome as T) : undefined);
  }
}

/** What a single-shot producer gets: no more of the run than it may see. */
export class Context implements ResourceContext {
  readonly token: number;
  readonly #run: ResourceContext;

  constructor(run: ResourceContext) {
    this.token = run.token;
    this.#run = run;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }
}

/** A promise that `start` is to resolve. What `start` throws is thrown, and not a rejection. */
export function whenFinished<T>(start: (resolve: Resolve<T>) => void): Promise<T | undefined> {
  let resolve: Resolve<T> = null;
  const finished = new Promise<T | undefined>((fulfil) => {
    resolve = fulfil;
  });
  start(resolve);
  return finished;
}

/** What an AbortSignal has as reason when none was given. */
export function abortError(): DOMException {
  return new DOMException("This operation was aborted", "AbortError");
}
