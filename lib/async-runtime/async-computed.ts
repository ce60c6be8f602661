import {
  addCleanup,
  disposeEffect,
  type EffectNode,
  invalidArgument,
  requireFunction,
  untracked,
  updateSignal,
  writeSignal,
} from "#engine";
import { commit } from "./commit.js";
import { pairOf } from "./handle.js";
import type { Control } from "./mutate.js";
import { optionsOf } from "./options.js";
import { type Resolve, whenFinished } from "./run.js";
import { type Job, SingleCell } from "./single-cell.js";
import { createStarter } from "./starter.js";
import { createState, peekState, readState, type State } from "./state.js";
import { Tracking } from "./tracking.js";
import type { AsyncMeta, Awaitable, ResourceContext, SingleOptions } from "./types.js";

/** Something to read: the getter of a signal, computed or cell, or what has one. */
export type Readable<T> = (() => T) | { readonly get: () => T };

/** What the function of an async computed gets. Every method works detached. */
export interface AsyncComputedContext extends ResourceContext {
  /**
   * Reads a source and tracks it, also after an await. In a run that is over it only reads.
   *
   * @throws What the source throws; TypeError (`ERR_SK_INVALID_ARG`) when it is not one.
   */
  readonly get: <T>(source: Readable<T>) => T;
  /** Calls a function that must only read, and tracks what that is, also after an await. */
  readonly track: <T>(read: () => T) => T;
}

/** Options of `asyncComputed`. */
export interface AsyncComputedOptions<T = unknown, E = unknown> extends SingleOptions<T, E> {}

type Compute<T> = (context: AsyncComputedContext) => Awaitable<T>;

function readerOf<T>(source: Readable<T>): () => T {
  if (typeof source === "function") return source;
  if (typeof source !== "object" || source === null || typeof source.get !== "function")
    throw invalidArgument("source", "a getter or an object with get", source);
  return () => source.get();
}

/**
 * What starts the runs: one effect, woken by what the newest run has read and by `reload`. All runs
 * start in it, so that the watchers belong to it, and not to an effect that happens to reload.
 */
class Reruns<T, E> implements Control<T> {
  readonly cell: SingleCell<T, E>;
  private readonly job: Job<T>;
  private readonly wakes: State<number>;
  private effect: EffectNode | null = null;
  private tracking: Tracking | null = null;
  private asked: { readonly job: Job<T>; readonly resolve: Resolve<T> }[] = [];

  constructor(fn: Compute<T>, options: object) {
    this.cell = new SingleCell<T, E>(options, true);
    this.wakes = createState(0, { equals: null, name: undefined, of: this.cell.whole });
    this.job = { input: undefined, call: (context) => this.compute(fn, context) };
    addCleanup(this.cell.whole);
    this.cell.source = this;
    const start = () => {
      readState(this.wakes);
      untracked(() => this.rerun());
    };
    this.effect = createStarter(this.cell, start, "runs of an async computed");
    if (this.cell.disposed) this.stop();
  }

  stop(): void {
    if (this.effect !== null) disposeEffect(this.effect);
    this.tracking?.dispose();
    this.answerAsked();
  }

  /** What a run elsewhere has read is not known here, and would not wake it. */
  get isSeedable(): boolean {
    return false;
  }

  private rerun(): void {
    const last = this.asked.pop();
    this.answerAsked();
    if (last === undefined) this.cell.start(this.job, "source-changed");
    else this.cell.start(last.job, "superseded", last.resolve);
  }

  /** Those who have asked for a run that does not come. */
  private answerAsked(): void {
    for (const { resolve } of this.asked.splice(0)) resolve?.(undefined);
  }

  /** Calls the function: what it reads is tracked until the next run, or the next attempt. */
  private compute(fn: Compute<T>, run: ResourceContext): Awaitable<T> {
    const { cell } = this;
    this.tracking?.dispose();
    const tracking = new Tracking(cell.whole, () => updateSignal(this.wakes, (n) => n + 1));
    this.tracking = tracking;
    const isOver = () => {
      const { newest } = cell;
      return this.tracking !== tracking || newest?.token !== run.token || !newest.open;
    };
    const context: AsyncComputedContext = {
      token: run.token,
      get signal() {
        return run.signal;
      },
      get: (source) => {
        const read = readerOf(source);
        return isOver() ? untracked(read) : tracking.get(source, read);
      },
      track: (read) => {
        requireFunction("read", read);
        return isOver() ? untracked(read) : tracking.track(read);
      },
    };
    return tracking.track(() => fn(context));
  }

  run(): Promise<T | undefined> {
    return this.perform(this.job);
  }

  reload(): Promise<T | undefined> {
    return this.perform(this.job);
  }

  jobOf(): Job<T> {
    return this.job;
  }

  perform(job: Job<T>): Promise<T | undefined> {
    /* Inside a computed it throws, as every write does. */
    writeSignal(this.wakes, peekState(this.wakes));
    return whenFinished((resolve) => {
      if (this.cell.disposed) return resolve?.(undefined);
      this.asked.push({ job, resolve });
      commit(() => updateSignal(this.wakes, (n) => n + 1));
    });
  }
}

/**
 * Creates a computed whose function is asynchronous. It runs at once, and again when something that
 * it has read changes, whether or not the run has ended: a run that is under way is then aborted, with
 * the reason "source-changed".
 *
 * What it reads before its first await is tracked by itself; after it, what it reads through
 * `ctx.get(source)` or `ctx.track(fn)`. A change between such a read and the end of the run is not
 * lost, and causes one run.
 *
 * @param fn Called with `{ signal, token, get, track }`; returns a promise, or a value.
 * @param options Callbacks; `timeoutMs`, `retry`, `group`; `equals`, `name`, `initialValue`,
 *   `keepPreviousValueOnPending`.
 * @returns `[value, meta]`, as `createResource` does. `reload` inside a batch or an effect starts the
 *   run at the end of that.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const [page, meta] = asyncComputed(async ({ get, signal }) => {
 *   const user = await loadUser(id.get(), signal);
 *   return loadPage(user, get(language), signal);
 * });
 */
export function asyncComputed<T, E = unknown>(
  fn: (context: AsyncComputedContext) => Awaitable<T>,
  options?: AsyncComputedOptions<T, E>,
): [() => T | undefined, AsyncMeta<E, T, void>] {
  requireFunction("fn", fn);
  return pairOf<T, E>(new Reruns<T, E>(fn, optionsOf(options)));
}
