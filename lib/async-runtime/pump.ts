/**
 * Producers that return what they produce: async iterables and ReadableStreams. The next chunk is
 * asked for when the one before was taken, and the iteration is closed when the run ends first.
 */
import { reportUncaught } from "#engine";
import { follow } from "./outcome.js";
import type { Run } from "./run.js";
import type { StreamContext } from "./stream-types.js";

interface Iteration<C> {
  next(): unknown;
  close(reason: unknown): unknown;
  readonly of?: C;
}

function hasMethod<K extends PropertyKey>(
  value: unknown,
  key: K,
): value is Record<K, (...args: unknown[]) => unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as Record<K, unknown>)[key] === "function";
}

/** The iteration over what a producer returned, or null when there is nothing to iterate. */
export function iterate<C>(result: unknown): Iteration<C> | null {
  /* A reader can be cancelled while a read is waiting; the iterator of a stream cannot. */
  if (hasMethod(result, "getReader") && hasMethod(result, "cancel")) {
    const reader = result.getReader() as ReadableStreamDefaultReader<C>;
    return {
      next: () => reader.read(),
      close: (reason) => reader.cancel(reason),
    };
  }
  if (!hasMethod(result, Symbol.asyncIterator)) return null;
  const iterator = result[Symbol.asyncIterator]() as AsyncIterator<C>;
  return { next: () => iterator.next(), close: () => iterator.return?.() };
}

/** Whether a rejection says no more than that the run was aborted. */
function isEcho(error: unknown, reason: unknown): boolean {
  return error === reason || (error instanceof Error && error.name === "AbortError");
}

/** Emits what the iteration yields, until one of the two ends. */
export function pump<C, V>(
  iteration: Iteration<C>,
  run: Run<V>,
  context: StreamContext<C, V>,
): void {
  let exhausted = false;

  const close = () => {
    if (exhausted) return;
    follow(iteration.close(run.reason), (fulfilled, error) => {
      if (!fulfilled && !isEcho(error, run.reason)) reportUncaught(error);
    });
  };
  const take = (fulfilled: boolean, outcome: unknown) => {
    const result = outcome as IteratorResult<C, V | undefined>;
    exhausted = !fulfilled || result.done === true;
    if (!fulfilled) return context.fail(outcome);
    if (result.done) return context.done(result.value);
    context.emit(result.value);
    if (run.open) pull();
  };
  const pull = () => {
    let next: unknown;
    try {
      next = iteration.next();
    } catch (error) {
      exhausted = true;
      return context.fail(error);
    }
    follow(next, take);
  };

  context.onCleanup(close);
  pull();
}
