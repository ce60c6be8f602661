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
  readonly #attempt: number;
  #signal: AbortSignal | null = null;

  constructor(cell: StreamCell<C, V, E>, run: StreamRun<C, V>) {
    const { attempt } = run;
    this.#run = run;
    this.#attempt = attempt;
    this.token = run.token;
    this.emit = (chunk) => run.isOpen(attempt) && cell.emit(run, chunk);
    this.set = (value) => run.isOpen(attempt) && cell.show(run, value);
    this.done = (final) => run.isOpen(attempt) && cell.done(run, final);
    this.fail = (error) => run.isOpen(attempt) && cell.fail(run, error);
    this.isCancelled = () => run.interrupted || run.attempt !== attempt;
    this.onCleanup = (fn) => {
      requireFunction("fn", fn);
      if (run.isOpen(attempt)) run.cleanups.push(fn);
      else notify(cell.scope, fn);
    };
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#run.signalOf(this.#attempt);
    return this.#signal;
  }
}
