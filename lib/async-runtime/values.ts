/**
 * Values as an async iteration and as a stream. Between two reads only the latest value is kept:
 * nothing grows when the reader is slow.
 */
import { addCleanup, type Cleanups, forget, type Owned, requireFunction } from "#engine";
import { booleanOption, optionsOf } from "./options.js";
import type { ValuesOptions } from "./view-types.js";
import type { Sink } from "./watch.js";
import { watchGetter } from "./watch.js";

/** Starts to watch; returns how to stop. */
export type Watch<T> = (sink: Sink<T>) => () => void;

type Result<T> = IteratorResult<T, undefined>;

interface Request<T> {
  readonly resolve: (result: Result<T>) => void;
  readonly reject: (error: unknown) => void;
}

const DONE = { done: true, value: undefined } as const;

/** What is between who watches and who reads. */
class Mailbox<T> implements Sink<T>, Owned {
  registeredIn: Cleanups | null = null;
  private readonly watch: Watch<T>;
  private readonly endsOnError: boolean;
  private stop: (() => void) | null = null;
  private started = false;
  private closed = false;
  /** The latest value that nobody has taken. */
  private latest: { readonly value: T } | null = null;
  /** What ended it, until somebody has taken that. */
  private failure: { readonly error: unknown } | null = null;
  private readonly requests: Request<T>[] = [];

  constructor(watch: Watch<T>, endsOnError: boolean) {
    this.watch = watch;
    this.endsOnError = endsOnError;
  }

  next(value: T): void {
    if (this.closed) return;
    const request = this.requests.shift();
    if (request === undefined) this.latest = { value };
    else request.resolve({ done: false, value });
  }

  error(error: unknown): void {
    if (this.closed || !this.endsOnError) return;
    const request = this.requests.shift();
    if (request === undefined) this.failure = { error };
    else request.reject(error);
    this.complete();
  }

  /** The last value may still be taken. */
  complete(): void {
    this.closed = true;
    forget(this);
    this.stop?.();
    for (const { resolve } of this.requests.splice(0)) resolve(DONE);
  }

  dispose(): void {
    this.complete();
  }

  /** Begins to watch with the first request: what is never read holds nothing. */
  take(): Promise<Result<T>> {
    if (!this.started) {
      this.started = true;
      addCleanup(this);
      const stop = this.watch(this);
      if (this.closed) stop();
      else this.stop = stop;
    }
    const { latest, failure } = this;
    if (latest !== null) {
      this.latest = null;
      return Promise.resolve({ done: false, value: latest.value });
    }
    if (failure !== null) {
      this.failure = null;
      return Promise.reject(failure.error);
    }
    if (this.closed) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => this.requests.push({ resolve, reject }));
  }

  /** The reader has gone. */
  cancel(): void {
    this.started = true;
    this.latest = null;
    this.failure = null;
    this.complete();
  }
}

/** An iteration over what `watch` shows. */
export function iterateOver<T>(watch: Watch<T>, endsOnError: boolean): AsyncIterableIterator<T> {
  const mailbox = new Mailbox(watch, endsOnError);
  return {
    next: () => mailbox.take(),
    return: () => {
      mailbox.cancel();
      return Promise.resolve(DONE);
    },
    throw: (error) => {
      mailbox.cancel();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A stream of what `watch` shows: nothing is taken before it is read. */
export function streamOf<T>(watch: Watch<T>, endsOnError: boolean): ReadableStream<T> {
  const mailbox = new Mailbox(watch, endsOnError);
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await mailbox.take();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => mailbox.cancel(),
    },
    { highWaterMark: 0 },
  );
}

/** The option `errors`. */
export function endsOnErrors(options: unknown): boolean {
  return booleanOption(optionsOf(options), "errors", false);
}

/**
 * What a getter comes to, as an async iteration: the present value, and one after each flush that has
 * changed it. To who is slow only the latest is given. It goes on until the reader leaves, or the
 * effect inside which it was begun ends.
 *
 * Cells have `meta.values()`, which gives what they commit; this gives what is shown, such as the
 * growing value of a stream.
 *
 * @param get A getter of a signal, computed or cell, or any function that reads some. What it throws
 *   is skipped, unless `errors` is true: then the iteration ends with it.
 * @param options `errors`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const [text] = createStreamResource(prompt.get, complete);
 * for await (const soFar of valuesOf(text)) render(soFar);
 */
export function valuesOf<T>(get: () => T, options?: ValuesOptions): AsyncIterableIterator<T> {
  requireFunction("get", get);
  return iterateOver((sink) => watchGetter(get, sink), endsOnErrors(options));
}
