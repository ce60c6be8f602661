/**
 * `meta.promise()`: the outcome of the newest run as a promise that rejects.
 */
import type { Run } from "./run.js";
import type { Viewed } from "./viewed.js";

const ignore = () => {};

/** The promise of an outcome that is there. */
function settled<T>(run: Run<unknown>): Promise<T> {
  if (run.end === "success") return Promise.resolve(run.outcome as T);
  return Promise.reject(run.end === "error" ? run.outcome : run.reason);
}

/**
 * The outcome of the newest run, or of the next one when there was none. While a run is superseded by
 * another the promise waits for that one. It is marked as handled: not to look at it is no error.
 */
export function nextOutcome<T, E>(cell: Viewed<T, E>): Promise<T> {
  const extras = cell.more();
  if (extras.next !== null) return extras.next;
  const { newest } = cell;
  if (newest !== null && newest.end !== null && cell.peekStatus() !== "idle") {
    const promise = settled<T>(newest);
    promise.catch(ignore);
    return promise;
  }
  if (cell.disposed) {
    const promise = Promise.reject<T>("dispose");
    promise.catch(ignore);
    return promise;
  }
  const promise = new Promise<T>((resolve, reject) => {
    const finish = () => {
      extras.onEnd.delete(onEnd);
      extras.onClose.delete(onClose);
      extras.next = null;
    };
    const onEnd = (run: Run<unknown>) => {
      if (run !== cell.newest || cell.peekStatus() === "idle") return;
      finish();
      resolve(settled<T>(run));
    };
    const onClose = () => {
      finish();
      reject("dispose");
    };
    extras.onEnd.add(onEnd);
    extras.onClose.add(onClose);
  });
  promise.catch(ignore);
  extras.next = promise;
  return promise;
}
