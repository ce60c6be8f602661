/**
 * One run of a cell: its version, its AbortSignal, its attempts, and whoever waits for it.
 */
import type { Stop } from "#engine";
import type { Joint } from "./joint.js";
import type { ResourceContext } from "./types.js";

/** Taken when they are first needed, since Node makes them then; later a program may replace them. */
let Controller: typeof AbortController | undefined;
let Signal: typeof AbortSignal | undefined;

function createController(): AbortController {
  Controller ??= AbortController;
  return new Controller();
}

/** A signal that is aborted already, which costs less than a controller. */
function aborted(reason: unknown): AbortSignal {
  Signal ??= AbortSignal;
  return Signal.abort(reason);
}

/** Resolves the promise of the run that is about to start; null when nobody asked for one. */
export type Resolve<T> = ((value: T | undefined) => void) | null;

/** How a run ended. */
export type End = "success" | "error" | "cancel";

export class Run<T> implements ResourceContext {
  /** The version that the kernel gave it. */
  readonly token: number;
  /** Its start was made known by an event. */
  announced = false;
  /** Its producer may still settle it: neither settled nor interrupted. */
  open = true;
  /** Ended otherwise than by its producer, for `reason`. */
  interrupted = false;
  reason: unknown = undefined;
  /** Null while it is in flight for the kernel. */
  end: End | null = null;
  /** The value, or the error, that it settled with. */
  outcome: unknown = undefined;
  /** Number of the attempt; what an earlier one still does is not heard. */
  attempt = 1;
  /** Of the time limit of the attempt, or of the delay before the next. */
  stopTimer: Stop | null = null;
  /** What it commits together with. */
  joint: Joint | null = null;
  /** Its own slot in the kernel, when it runs beside others of its cell. */
  lane = 0;
  /** The next of the runs whose end the program does not know. */
  next: this | null = null;
  /** Takes what `Resolve<T>` takes; said so that runs of all kinds of values are runs. */
  private resolve: ((value: never) => void) | null;
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
    this.controller = createController();
    return this.controller.signal;
  }

  /** The signal as attempt number `attempt` sees it that has not looked before. */
  signalOf(attempt: number): AbortSignal {
    return attempt === this.attempt ? this.signal : aborted(abortError());
  }

  /** Ends it for the kernel and the program. */
  interrupt(reason: unknown): void {
    this.end = "cancel";
    this.abort(reason);
  }

  /** Aborts the signal. Its listeners run now; what they throw is reported by the platform. */
  abort(reason: unknown): void {
    this.close();
    this.interrupted = true;
    this.reason = reason;
    this.controller?.abort(reason);
  }

  /** The attempt is over, and another follows. After a timeout that one has a signal of its own. */
  nextAttempt(timeout: unknown): void {
    this.attempt++;
    this.clearTimer();
    if (timeout === undefined) return;
    const controller = this.controller;
    this.controller = null;
    controller?.abort(timeout);
  }

  /** It ends by its own outcome. */
  settle(fulfilled: boolean, outcome: unknown): void {
    this.close();
    this.end = fulfilled ? "success" : "error";
    this.outcome = outcome;
  }

  /** Nothing more is taken from the producer. */
  close(): void {
    this.open = false;
    this.clearTimer();
  }

  private clearTimer(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  /** Resolves the promise of `run` or `reload`, if there is one. */
  finish(): void {
    const { resolve } = this;
    this.resolve = null;
    resolve?.((this.end === "success" ? this.outcome : undefined) as never);
  }
}

/** What a single-shot producer gets: no more of the run than it may see. */
export class Context implements ResourceContext {
  readonly token: number;
  readonly #run: Run<unknown>;
  readonly #attempt: number;
  #signal: AbortSignal | null = null;

  constructor(run: Run<unknown>) {
    this.token = run.token;
    this.#run = run;
    this.#attempt = run.attempt;
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#run.signalOf(this.#attempt);
    return this.#signal;
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

/** What an attempt that took too long ends with. */
export function timeoutError(ms: number): DOMException {
  return new DOMException(`The run took longer than ${ms} ms`, "TimeoutError");
}
