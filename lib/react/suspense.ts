/**
 * Suspense: a cell that has nothing to show yet suspends the component, one that failed throws.
 */
import { lookAt, watchFrom } from "#engine";
import type { AsyncState, CellView, StreamAsyncStatus } from "../async-runtime/index.js";

type State = AsyncState<unknown>;
type Cell<S> = Pick<CellView<unknown, unknown, S>, "promise" | "state">;

/** What a component waits for. */
interface Waiting {
  readonly promise: Promise<unknown>;
  failure: { readonly reason: unknown } | null;
}

/**
 * One for each state of a cell, which is a record of its own: who renders the same state again finds
 * the same promise. Nothing else can be kept for a component that has not committed.
 */
const waitings = new WeakMap<State, Waiting>();

/** Whether a component could render: it has a value, or an error to throw. */
function isReady({ status, value }: State): boolean {
  return value !== undefined || status === "success" || status === "error";
}

/**
 * Resolves when a stream has something to show: its own promise waits for the end. The watcher is the
 * stream's, one for all who wait, and ends with the state it was made for.
 */
function firstValue(read: () => State, state: State): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    const check = () => {
      const next = lookAt(read);
      if (next.status === state.status && !isReady(next)) return;
      stop();
      resolve();
    };
    stop = watchFrom(read, check);
    check();
  });
}

function wait<S extends StreamAsyncStatus>(cell: Cell<S>, state: State): Waiting {
  const known = waitings.get(state);
  if (known !== undefined) return known;
  const isStreaming = state.status === "pending" || state.status === "streaming";
  const promise =
    "stableValue" in cell && isStreaming ? firstValue(cell.state, state) : cell.promise();
  const waiting: Waiting = { promise, failure: null };
  promise.catch((reason: unknown) => {
    waiting.failure = { reason };
  });
  waitings.set(state, waiting);
  return waiting;
}

/**
 * Returns when there is something to show.
 *
 * @throws The error of the cell, or the reason for which it was cancelled; else a promise, for React.
 */
export function suspendUntilReady<S extends StreamAsyncStatus>(cell: Cell<S>, state: State): void {
  if (state.status === "error") throw state.error;
  if (isReady(state)) return;
  const { promise, failure } = wait(cell, state);
  /* Its state has no reason to throw: that of a cell that was cancelled is in its promise. */
  if (failure !== null) throw failure.reason;
  throw promise;
}
