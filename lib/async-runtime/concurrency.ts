/**
 * What becomes of a run that is asked for while another is in flight.
 */
import { runAs } from "#engine";
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

/** How runs are started of a cell where they are not simply started. */
export interface Order<T> {
  /** Whether a run that somebody asks for will happen. */
  accepts(): boolean;
  /** Starts a job, now or later. */
  start(job: Job<T>): Promise<T | undefined>;
}

/** The option `concurrency`. */
export function concurrencyOf(options: object): Concurrency {
  return wordOption(options, "concurrency", WORDS, "latest");
}

export function startNow<T, E>(cell: SingleCell<T, E>, job: Job<T>): Promise<T | undefined> {
  return whenFinished((resolve) => cell.start(job, "superseded", resolve));
}

/** One after the other; `cancel` and `dispose` drop those that wait. */
function queue<T, E>(cell: SingleCell<T, E>): Order<T> {
  const waiting: { readonly job: Job<T>; readonly resolve: Resolve<T> }[] = [];
  const extras = cell.more();
  extras.onEnd.add(() => {
    if (cell.isBusy) return;
    const next = waiting.shift();
    if (next === undefined) return;
    runAs(cell.scope, () => cell.start(next.job, "superseded", next.resolve));
  });
  extras.onDrop.add(() => {
    for (const { job, resolve } of waiting.splice(0)) {
      cell.hide(job.layer);
      resolve?.(undefined);
    }
  });
  const start = (job: Job<T>) =>
    whenFinished<T>((resolve) => {
      if (cell.disposed || (!cell.isBusy && waiting.length === 0)) {
        cell.start(job, "superseded", resolve);
        return;
      }
      if (job.layer !== undefined) cell.show(job.layer);
      waiting.push({ job, resolve });
    });
  return { accepts: () => true, start };
}

/** The order of a policy; null: runs are started when they are asked for. */
export function orderOf<T, E>(cell: SingleCell<T, E>, policy: Concurrency): Order<T> | null {
  if (policy === "queue") return queue(cell);
  if (policy === "drop")
    return { accepts: () => !cell.isBusy, start: (job) => startNow(cell, job) };
  if (policy === "parallel") cell.lanes = new Lanes<SingleRun<T>>();
  return null;
}
