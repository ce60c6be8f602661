/**
 * The life of an asynchronous transaction: its runs, and how it ends.
 *
 *     run      the function works on a staging of its own
 *     fulfils  commit; in conflict, by the settings: run again, on a new staging, or fail
 *     rejects  the staging is discarded
 *     abort    by its AbortSignal, its scope or the transaction around it: discarded, at once
 */

import { onAbort } from "./abort.js";
import { beginAlone, endAlone } from "./alone.js";
import { Attempt, abortInner } from "./attempt.js";
import { type Cleanups, forget, type Owned } from "./cleanups.js";
import { after, LONGEST_MS } from "./clock.js";
import { commitStaging } from "./commit.js";
import {
  type Context,
  currentContext,
  hasContext,
  holdContext,
  letContextGo,
  runEntered,
  runInContext,
  runRefusing,
} from "./context.js";
import { currentTransaction } from "./current.js";
import { TransactionAbortedError, TransactionConflictError } from "./errors.js";
import { enterBatch, leaveBatchHandling } from "./flush.js";
import { enqueueJob, type Job } from "./job.js";
import type { ScopeNode } from "./node.js";
import { isInstance } from "./own.js";
import { addCleanupTo } from "./owner.js";
import { NativePromise, thenOn } from "./promise.js";
import { currentScope, runInScope } from "./scope.js";
import type { TransactionSettings } from "./settings.js";
import { Staging } from "./staging.js";
import { untracked } from "./track.js";

/** Taken at load: a program may replace the global ones. */
const promiseResolve = /* @__PURE__ */ Promise.resolve.bind(Promise);

/** Runs the function of a transaction, with the handle of this attempt. */
export type Call<T> = (attempt: Attempt) => T;

export class AsyncTransaction<T> implements Owned {
  readonly promise: Promise<T>;
  registeredIn: Cleanups | null = null;
  private resolve!: (value: T) => void;
  private reject!: (error: unknown) => void;
  private readonly call: Call<unknown>;
  private readonly settings: TransactionSettings;
  private readonly parent: Staging | null;
  private readonly scope: ScopeNode | null;
  private readonly context: Context;
  private attempt: Attempt;
  private attempts = 0;
  /** What a function that is not declared `async` wrote at first was not refused: nor is it again. */
  enterAlone: <R>(attempt: Attempt, fn: () => R) => R = runRefusing;
  private over = false;
  /** The commit is under way. It is not left half done, and what it has begun to show is not aborted. */
  private committing = false;
  private abortedBy: { readonly reason: unknown } | null = null;
  private readonly isAlone = !hasContext();
  private stopWaiting: (() => void) | null = null;
  /** The commit, while it waits for its turn. */
  private job: Job | null = null;
  private readonly onSignal = () => this.abort((this.settings.signal as AbortSignal).reason);

  constructor(call: Call<unknown>, settings: TransactionSettings) {
    this.call = call;
    this.settings = settings;
    this.parent = currentTransaction();
    this.scope = currentScope();
    this.context = currentContext();
    this.attempt = new Attempt();
    this.promise = new NativePromise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    holdContext();
    if (this.isAlone) beginAlone();
  }

  /** Opens the staging of a run. */
  open(attempt: Attempt): Staging {
    const { name, serializable } = this.settings;
    const { staging: last } = this.attempt;
    const staging = attempt.staging ?? new Staging(this.parent, name, serializable);
    if (last !== null && last !== staging) this.parent?.inner?.delete(last);
    staging.onAbort = () => this.abandon("the transaction around it has ended");
    attempt.staging = staging;
    this.attempt = attempt;
    this.attempts++;
    return staging;
  }

  /** Ends with whoever may end it: at once, when that has happened already. */
  begin(): void {
    const { signal } = this.settings;
    if (signal !== undefined) onAbort(signal, this.onSignal);
    if (this.scope !== null) addCleanupTo(this.scope, this);
    if (signal?.aborted) this.onSignal();
  }

  /** Runs the function, as part of the transaction. */
  run(): void {
    if (this.over) return;
    const attempt = new Attempt();
    this.open(attempt);
    let work: unknown;
    try {
      work = this.inContext(attempt, () => untracked(() => this.call(attempt)));
    } catch (error) {
      this.fail(attempt, error);
      return;
    }
    this.follow(attempt, work);
  }

  /** Runs `fn` as code of the transaction; again, also as code of the scope that it was started in. */
  private inContext<R>(attempt: Attempt, fn: () => R): R {
    const enter = () =>
      hasContext()
        ? runInContext({ ...this.context, slot: attempt }, () => runEntered(attempt, fn))
        : this.enterAlone(attempt, fn);
    return this.attempts > 1 && this.scope !== null ? runInScope(this.scope, enter) : enter();
  }

  /** Waits for what the function returned. */
  follow(attempt: Attempt, work: unknown): void {
    const promise = work instanceof NativePromise ? work : promiseResolve(work);
    thenOn(
      promise,
      (value) => this.finish(attempt, value as T),
      (error) => this.fail(attempt, error),
    );
  }

  private finish(attempt: Attempt, value: T): void {
    if (this.over || attempt !== this.attempt) return;
    const { priority } = this.settings;
    if (this.parent !== null || priority <= 0) this.commit(attempt, value);
    else this.job = enqueueJob(priority, () => this.commit(attempt, value));
  }

  /** Commits or fails, and what is shown from now on is seen at once: also what is not any more. */
  private commit(attempt: Attempt, value: T): void {
    enterBatch();
    try {
      if (!this.tryCommit(attempt)) return;
    } finally {
      leaveBatchHandling();
    }
    this.end();
    this.resolve(value);
  }

  private tryCommit(attempt: Attempt): boolean {
    const staging = attempt.staging as Staging;
    abortInner(staging);
    this.committing = true;
    try {
      commitStaging(staging, this.settings, this.attempts);
      return true;
    } catch (error) {
      this.committing = false;
      if (isInstance(error, TransactionConflictError) && this.mayRetry())
        this.retry(attempt, error);
      else this.fail(attempt, this.abortedBy === null ? error : this.abortedBy.reason);
      return false;
    }
  }

  private mayRetry(): boolean {
    if (this.abortedBy !== null) return false;
    return this.settings.onConflict === "retry" && this.attempts <= this.settings.retries;
  }

  private retry(attempt: Attempt, error: unknown): void {
    attempt.discard(error);
    this.stayInside(attempt);
    let ms: number;
    try {
      ms = Math.min(this.settings.backoff(this.attempts), LONGEST_MS);
    } catch (failure) {
      this.fail(attempt, failure);
      return;
    }
    const again = () => {
      this.stopWaiting = null;
      try {
        this.run();
      } catch (failure) {
        this.fail(this.attempt, failure);
      }
    };
    if (ms > 0) this.stopWaiting = after(ms, again, true);
    else thenOn(promiseResolve(undefined), () => this.over || again());
  }

  /** Between two runs, too, it ends with the transaction around it. */
  private stayInside({ staging }: Attempt): void {
    if (staging !== null) this.parent?.inner?.add(staging);
  }

  private fail(attempt: Attempt, error: unknown): void {
    if (this.over || attempt !== this.attempt) return;
    attempt.discard(error);
    this.end();
    this.reject(error);
  }

  /** Ends it from outside, for `reason`. */
  abort(reason: unknown): void {
    if (this.committing) this.abortedBy ??= { reason };
    else if (!this.over) this.fail(this.attempt, reason);
  }

  /** Ends it together with what it is part of: whoever started it need not have waited for it. */
  private abandon(cause: string): void {
    if (this.over) return;
    thenOn(this.promise, undefined, () => {});
    this.abort(new TransactionAbortedError(this.settings.name, cause));
  }

  /** Its scope has ended. */
  dispose(): void {
    this.abandon("its scope was disposed");
  }

  private end(): void {
    this.over = true;
    this.stopWaiting?.();
    this.job?.cancel();
    this.settings.signal?.removeEventListener("abort", this.onSignal);
    forget(this);
    letContextGo();
    if (this.isAlone) endAlone();
  }
}
