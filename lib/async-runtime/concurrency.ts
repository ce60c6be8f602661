/**
 * What becomes of a run that is asked for while another is in flight.
 */
import { wordOption } from "../core/options.js";
import { Lanes } from "./lanes.js";
import { type Resolve, whenFinished } from "./run.js";
import type { Job, SingleCell, SingleRun } from "./single-cell.js";

/**
 * `latest`: the new run supersedes the other. `queue`: it waits its turn. `drop`: it does not happen.
 * `parallel`: both run; each commits unless a newer one has committed before.
 */
export type Concurrency = "latest" | "queue" | "drop" | "parallel";

const WORDS: readonly Concurrency[] = ["latest", "queue", "drop", "parallel"];

/** Starts a job, now or later. */
export type Perform<T> = (job: Job<T>) => Promise<T | undefined>;

/** The option `concurrency`. */
export function concurrencyOf(options: object): Concurrency {
  return wordOption(options, "concurrency", WORDS, "latest");
}

function startNow<T, E>(cell: SingleCell<T, E>): Perform<T> {
  return (job) => whenFinished((resolve) => cell.start(job, "superseded", resolve));
}

/** One after the other; `cancel` and `dispose` drop those that wait. */
function startInTurn<T, E>(cell: SingleCell<T, E>): Perform<T> {
  const waiting: { readonly job: Job<T>; readonly resolve: Resolve<T> }[] = [];
  const extras = cell.more();
  extras.onEnd.add(() => {
    if (cell.isBusy) return;
    const next = waiting.shift();
    if (next !== undefined) cell.start(next.job, "superseded", next.resolve);
  });
  extras.onDrop.add(() => {
    for (const { job, resolve } of waiting.splice(0)) {
      cell.hide(job.layer);
      resolve?.(undefined);
    }
  });
  return (job) =>
    whenFinished((resolve) => {
      if (cell.disposed || (!cell.isBusy && waiting.length === 0)) {
        cell.start(job, "superseded", resolve);
        return;
      }
      if (job.layer !== undefined) cell.show(job.layer);
      waiting.push({ job, resolve });
    });
}

/** How runs of a cell are started under a policy. */
export function performer<T, E>(cell: SingleCell<T, E>, policy: Concurrency): Perform<T> {
  if (policy === "queue") return startInTurn(cell);
  if (policy === "parallel") cell.lanes = new Lanes<SingleRun<T>>();
  if (policy !== "drop") return startNow(cell);
  const start = startNow(cell);
  return (job) => (cell.isBusy ? Promise.resolve(undefined) : start(job));
}
