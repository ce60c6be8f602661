/**
 * What a streamer gets. Its functions are closures, so that each works detached.
 */
import { requireFunction } from "#engine";
import { notify } from "./callbacks.js";
import type { StreamCell, StreamRun } from "./stream-cell.js";
import type { StreamContext } from "./stream-types.js";

export function createStreamContext<C, V, E>(
  cell: StreamCell<C, V, E>,
  run: StreamRun<C, V>,
): StreamContext<C, V> {
  return {
    token: run.token,
    get signal() {
      return run.signal;
    },
    emit: (chunk) => cell.emit(run, chunk),
    set: (value) => cell.show(run, value),
    done: (final) => cell.done(run, final),
    fail: (error) => cell.fail(run, error),
    isCancelled: () => run.interrupted,
    onCleanup: (fn) => {
      requireFunction("fn", fn);
      if (run.open) run.cleanups.push(fn);
      else notify(fn);
    },
  };
}
