import { requireFunction } from "#engine";
import { notify } from "./callbacks.js";
import type { StreamCell, StreamRun } from "./stream-cell.js";
import type { StreamContext } from "./stream-types.js";

/** What a streamer gets. Its functions are closures, so that each works detached. */
export class StreamRunContext<C, V, E> implements StreamContext<C, V> {
  readonly token: number;
  readonly emit: (chunk: C) => void;
  readonly set: (value: V) => void;
  readonly done: (final?: V) => void;
  readonly fail: (error: unknown) => void;
  readonly isCancelled: () => boolean;
  readonly onCleanup: (fn: () => void) => void;
  readonly #run: StreamRun<C, V>;

  constructor(cell: StreamCell<C, V, E>, run: StreamRun<C, V>) {
    this.#run = run;
    this.token = run.token;
    this.emit = (chunk) => cell.emit(run, chunk);
    this.set = (value) => cell.show(run, value);
    this.done = (final) => cell.done(run, final);
    this.fail = (error) => cell.fail(run, error);
    this.isCancelled = () => run.interrupted;
    this.onCleanup = (fn) => {
      requireFunction("fn", fn);
      if (run.open) run.cleanups.push(fn);
      else notify(fn);
    };
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }
}
