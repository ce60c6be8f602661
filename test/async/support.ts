/**
 * What the tests of the async runtime share: promises that are settled by hand, microtasks that are
 * counted, and uncaught exceptions that are collected instead of failing the run.
 */
import { vi } from "vitest";

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T = unknown>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

/** A thenable that is no promise. */
export const thenable = (then: unknown) => ({ then }) as unknown as Promise<unknown>;

/** An object whose `then` is a getter. */
export const withThenGetter = (get: () => unknown) => {
  const key: string = "then";
  return Object.defineProperty({}, key, { get });
};

/** Lets everything pass that does not wait for a timer. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What a producer was called with, and the promise it gave. */
export interface Call<I> extends Deferred<unknown> {
  readonly input: I;
  readonly signal: AbortSignal;
  readonly token: number;
}

/** A fetcher whose promises are settled by hand, in any order. */
export function fetcher<I = unknown>() {
  const calls: Call<I>[] = [];
  const inputs: I[] = [];
  const fetch = (input: I, context: { readonly signal: AbortSignal; readonly token: number }) => {
    const pending = deferred<unknown>();
    inputs.push(input);
    calls.push({ input, signal: context.signal, token: context.token, ...pending });
    return pending.promise;
  };
  /** The call of a run; its number is its token. */
  const call = (token: number): Call<I> => {
    const found = calls.find((each) => each.token === token);
    if (found === undefined) throw new Error(`There is no run ${token}`);
    return found;
  };
  return {
    fetch,
    call,
    /** For forms without an input. */
    make: (context: { readonly signal: AbortSignal; readonly token: number }) =>
      fetch(undefined as I, context),
    /** The inputs of the runs so far. */
    inputs,
  };
}

/** Runs `body` and returns what was thrown at the process meanwhile, as an uncaught exception. */
export async function uncaughtDuring(body: () => unknown): Promise<unknown[]> {
  const errors: unknown[] = [];
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.rawListeners(event) as (() => void)[]);
  for (const event of events) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => errors.push(error));
  }
  try {
    await body();
    await quiet();
    await quiet();
  } finally {
    events.forEach((event, index) => {
      process.removeAllListeners(event);
      for (const listener of before[index] ?? []) process.on(event, listener);
    });
  }
  return errors;
}

/** `onEvent` and the other callbacks, all writing to one log: "start 1", "event:success 1", ... */
export function recorder() {
  const log: string[] = [];
  const text = (value: unknown) => (value instanceof Error ? value.message : String(value));
  return {
    log,
    note: (entry: string) => log.push(entry),
    callbacks: {
      onEvent: vi.fn(
        (event: { type: string; token: number; error?: unknown; reason?: unknown }) => {
          const detail = "error" in event ? event.error : event.reason;
          log.push(`${event.type} ${event.token}${detail === undefined ? "" : ` ${text(detail)}`}`);
        },
      ),
      onSuccess: (value: unknown) => log.push(`onSuccess ${text(value)}`),
      onError: (error: unknown) => log.push(`onError ${text(error)}`),
      onCancel: (reason: unknown) => log.push(`onCancel ${text(reason)}`),
    },
  };
}
