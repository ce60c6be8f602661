/**
 * Producers that return what they produce: async iterables and ReadableStreams. The next chunk is
 * asked for when the one before was taken, and the iteration is closed when the run ends first.
 */
import { reportUncaught } from "#engine";
import { follow } from "./outcome.js";
import type { Run } from "./run.js";
import type { StreamContext } from "./stream-types.js";

interface Iteration {
  next(): unknown;
  close(reason: unknown): unknown;
}

function hasMethod<K extends PropertyKey>(
  value: unknown,
  key: K,
): value is Record<K, (...args: unknown[]) => unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as Record<K, unknown>)[key] === "function";
}

/** The iteration over what a producer returned, or null when there is nothing to iterate. */
export function iterate(result: unknown): Iteration | null {
  /* A reader can be cancelled while a read is waiting; the iterator of a stream cannot. */
  if (hasMethod(result, "getReader") && hasMethod(result, "cancel")) {
    const reader = result.getReader() as ReadableStreamDefaultReader;
    return {
      next: () => reader.read(),
      close: (reason) => reader.cancel(reason),
    };
  }
  if (!hasMethod(result, Symbol.asyncIterator)) return null;
  const iterator = result[Symbol.asyncIterator]() as AsyncIterator<unknown>;
  return { next: () => iterator.next(), close: () => iterator.return?.() };
}

/** Whether a rejection says no more than that the run was aborted. */
function isEcho(error: unknown, reason: unknown): boolean {
  if (error === reason) return true;
  try {
    return error instanceof Error && error.name === "AbortError";
  } catch {
    /* A proxy, which says what it likes. */
    return false;
  }
}

/** Emits what `result` yields, if it can be iterated, until one of the two ends. */
export function pump<C, V>(result: unknown, run: Run<V>, context: StreamContext<C, V>): void {
  if (context.isCancelled() || !run.open) return;
  const { attempt: number } = run;
  let exhausted = false;

  /** Whatever an iterable that breaks the protocol throws is the run's error. */
  const attempt = (step: () => void) => {
    try {
      step();
    } catch (error) {
      exhausted = true;
      context.fail(error);
    }
  };
  const take = (iteration: Iteration, fulfilled: boolean, outcome: unknown) => {
    exhausted = !fulfilled;
    if (!fulfilled) return context.fail(outcome);
    const { done, value } = outcome as IteratorResult<C, V | undefined>;
    if (done) {
      exhausted = true;
      return context.done(value as V | undefined);
    }
    context.emit(value as C);
    if (run.open && run.attempt === number) pull(iteration);
  };
  const pull = (iteration: Iteration) =>
    follow(iteration.next(), (fulfilled, outcome) =>
      attempt(() => take(iteration, fulfilled, outcome)),
    );

  attempt(() => {
    const iteration = iterate(result);
    if (iteration === null) return;
    context.onCleanup(() => {
      if (exhausted) return;
      follow(iteration.close(run.reason), (fulfilled, error) => {
        if (!fulfilled && !isEcho(error, run.reason)) reportUncaught(error);
      });
    });
    pull(iteration);
  });
}
