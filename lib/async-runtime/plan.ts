/**
 * The policies of a cell: how long an attempt may take, when it is repeated, and with what the outcome
 * commits. A cell without any has none of this.
 */
import { after, enqueueJob, runAs, type ScopeNode } from "#engine";
import { checkPriority } from "../core/priority.js";
import { type Group, groupOf } from "./group.js";
import { msOption } from "./options.js";
import { delayAfter, type Retry, retryOf } from "./retry.js";
import { type Run, timeoutError } from "./run.js";

export class Plan {
  readonly group: Group | null;
  /** When an outcome commits: above 0 it waits for its turn in the queue. */
  readonly priority: number;
  private readonly timeoutMs: number | undefined;
  private readonly retry: Retry | null;

  constructor(
    timeoutMs: number | undefined,
    retry: Retry | null,
    group: Group | null,
    priority: number,
  ) {
    this.timeoutMs = timeoutMs;
    this.retry = retry;
    this.group = group;
    this.priority = priority;
  }

  /**
   * Commits the outcome of a run when it is its turn. Until then the run is in flight for the kernel:
   * it may still be superseded or cancelled.
   */
  defer(run: Run<unknown>, commit: () => void): void {
    run.close();
    enqueueJob(this.priority, commit);
  }

  /**
   * Calls `expire` when the attempt that starts now takes too long. A limit does not keep the process
   * alive, as AbortSignal.timeout does not: what it limits does, if anything.
   */
  limit(run: Run<unknown>, expire: (error: unknown) => void): void {
    const { timeoutMs } = this;
    if (timeoutMs === undefined) return;
    run.stopTimer = after(timeoutMs, () => expire(timeoutError(timeoutMs)), false);
  }

  /** Milliseconds until the next attempt of a run, or null when there is none. */
  delayAfter(run: Run<unknown>, error: unknown): number | null {
    return this.retry === null ? null : delayAfter(this.retry, run.attempt, error);
  }

  /** Waits before the next attempt, in the cell's scope. The process waits too, unless that could be for ever. */
  wait(run: Run<unknown>, ms: number, scope: ScopeNode | null, next: () => void): void {
    const endsSometime = this.retry?.count !== Number.POSITIVE_INFINITY;
    run.stopTimer = after(ms, () => run.open && runAs(scope, next), endsSometime);
  }
}

/** Checks the options; null when there is no policy among them. */
export function planOf(options: object): Plan | null {
  const timeoutMs = msOption(options, "timeoutMs");
  const retry = retryOf(options);
  const group = groupOf(options);
  const priority = checkPriority(options);
  return timeoutMs === undefined && retry === null && group === null && priority === 0
    ? null
    : new Plan(timeoutMs, retry, group, priority);
}
