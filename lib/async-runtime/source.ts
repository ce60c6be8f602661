/**
 * The source of a cell: tracked functions whose change starts a run.
 *
 * They are read by an effect, and the run is started inside it: an observer that was created later
 * runs after it in the same flush, and sees the new input and the pending cell together. Whatever the
 * input function reads wakes it, also when it then returns what it returned before; a computed in
 * front of it cuts that off.
 */
import {
  addCleanup,
  after,
  disposeEffect,
  type EffectNode,
  has,
  invalidArgument,
  runAgain,
  type Stop,
  untracked,
  type Whole,
} from "#engine";
import { ownOption } from "../core/options.js";
import type { Extras } from "./extras.js";
import { functionOption, msOption, NONE } from "./options.js";
import { type Resolve, whenFinished } from "./run.js";
import { SKIP } from "./skip.js";
import { createStarter } from "./starter.js";

/** What a source needs of a cell. */
interface Startable<T, Work> {
  readonly disposed: boolean;
  readonly whole: Whole;
  source: { stop(): void } | null;
  start(work: Work, reason: unknown, resolve?: Resolve<T>): void;
  startFailed(work: Work, error: unknown, reason: unknown, resolve?: Resolve<T>): void;
  skip(reason: unknown): void;
  more(): Extras<T>;
  dispose(): void;
}

/** The options of a cell that concern its source. */
export interface SourcePolicies {
  readonly observe: readonly (() => unknown)[];
  /** Whether there is nothing to run on. */
  readonly skips: ((input: unknown) => boolean) | undefined;
  readonly debounceMs: number | undefined;
}

/** What sources have in common that start runs of one kind. */
export interface SourceKind<Producer, Work> {
  /** Reason of a run that `reload` supersedes. */
  readonly reloadReason: string;
  readonly workOf: (producer: Producer, input: unknown) => Work;
}

export interface SourceParts<Producer, Work> {
  readonly input: () => unknown;
  readonly producer: Producer;
  readonly policies: SourcePolicies;
  /** Whether the first reading starts a run. */
  readonly eager: boolean;
  readonly kind: SourceKind<Producer, Work>;
}

/** What the source came to: an input, what its function threw, or nothing to run on. */
type Reading = { readonly input: unknown } | { readonly error: unknown } | typeof SKIP;

/** The functions of the option `observe`. */
function observedOf(options: object): readonly (() => unknown)[] {
  const observe = ownOption(options, "observe");
  if (observe === undefined) return [];
  const list: unknown[] = Array.isArray(observe) ? [...observe] : [observe];
  for (const each of list)
    if (typeof each !== "function")
      throw invalidArgument("options.observe", "a function or a list of functions", each);
  return list as (() => unknown)[];
}

/** Shared by all sources without any. */
const NO_POLICIES: SourcePolicies = { observe: [], skips: undefined, debounceMs: undefined };

/** Checks the options; `observe` is one of the descriptor forms only. */
export function sourcePoliciesOf(options: object, observes: boolean): SourcePolicies {
  if (options === NONE) return NO_POLICIES;
  return {
    observe: observes ? observedOf(options) : [],
    skips: functionOption(options, "skip"),
    debounceMs: msOption(options, "debounceMs"),
  };
}

/** Ties a cell to a source, until it is disposed. */
export class Source<T, Producer, Work, C extends Startable<T, Work>> {
  readonly cell: C;
  private readonly parts: SourceParts<Producer, Work>;
  private effect: EffectNode | null = null;
  private isFirst = true;
  private latest: Reading | null = null;
  private adopting = false;
  /** What the source has come to, while it is not sure to stay. */
  private unsure: { readonly reading: Reading; readonly stop: Stop } | null = null;

  constructor(cell: C, parts: SourceParts<Producer, Work>) {
    this.cell = cell;
    this.parts = parts;
    if (parts.policies.debounceMs !== undefined) cell.more().onDrop.add(() => this.drop());
    addCleanup(cell.whole);
    cell.source = this;
    this.effect = createStarter(cell, () => this.changed(), "source of a resource");
    if (cell.disposed) this.stop();
  }

  stop(): void {
    if (this.effect !== null) disposeEffect(this.effect);
  }

  get isUnsure(): boolean {
    return this.unsure !== null;
  }

  /** Runs on an input that does not come from the source. */
  run(value: unknown): Promise<T | undefined> {
    return whenFinished((resolve) =>
      this.start(
        this.readingOf(() => value),
        "superseded",
        resolve,
      ),
    );
  }

  /** Repeats the latest input. */
  reload(): Promise<T | undefined> {
    const reading = this.unsure?.reading ?? this.latest;
    if (reading === null || reading === SKIP || this.cell.disposed)
      return Promise.resolve(undefined);
    /* An input that failed is asked again: there is none to repeat. */
    const again = has(reading, "error") ? untracked(() => this.read()) : reading;
    return whenFinished((resolve) => this.start(again, this.parts.kind.reloadReason, resolve));
  }

  /**
   * The state that the cell has taken over belongs to the source as it is now: that starts no run, and is what
   * `reload` repeats. The next change starts one.
   */
  adopt(): void {
    this.drop();
    if (this.effect === null) return;
    this.adopting = true;
    try {
      runAgain(this.effect);
    } finally {
      this.adopting = false;
    }
  }

  jobOf(input: unknown): Work {
    const { kind, producer } = this.parts;
    return kind.workOf(producer, input);
  }

  /** Starts work that was made of an input; `repeats`: `reload` repeats that. */
  perform(work: Work & { readonly input: unknown }, repeats: boolean): Promise<T | undefined> {
    this.drop();
    if (repeats) this.latest = { input: work.input };
    return whenFinished((resolve) => this.cell.start(work, "superseded", resolve));
  }

  private read(): Reading {
    const { input, policies } = this.parts;
    return this.readingOf(() => {
      const value = input();
      for (const observed of policies.observe) observed();
      return value;
    });
  }

  private readingOf(get: () => unknown): Reading {
    const { skips } = this.parts.policies;
    try {
      const input = get();
      if (input === SKIP) return SKIP;
      return skips !== undefined && untracked(() => skips(input)) ? SKIP : { input };
    } catch (error) {
      return { error };
    }
  }

  /** The source was read for the first time, or has changed. */
  private changed(): void {
    const { isFirst } = this;
    const { eager, policies } = this.parts;
    const { debounceMs } = policies;
    this.isFirst = false;
    const reading = this.read();
    const isFailed = reading !== SKIP && has(reading, "error");
    if (this.adopting || (isFirst && !eager && !isFailed)) this.latest = reading;
    else if (isFirst || debounceMs === undefined)
      untracked(() => this.start(reading, "source-changed", null));
    else this.delay(debounceMs, reading);
  }

  /** The process waits for it: it is short, and then there is work. */
  private delay(ms: number, reading: Reading): void {
    this.drop();
    const stop = after(ms, () => this.start(reading, "source-changed", null), true);
    this.unsure = { reading, stop };
  }

  private drop(): void {
    this.unsure?.stop();
    this.unsure = null;
  }

  private start(reading: Reading, reason: string, resolve: Resolve<T>): void {
    const { cell } = this;
    this.drop();
    this.latest = reading;
    if (reading === SKIP) {
      cell.skip(reason);
      resolve?.(undefined);
    } else if (has(reading, "error")) {
      cell.startFailed(this.jobOf(undefined), reading.error, reason, resolve);
    } else {
      cell.start(this.jobOf(reading.input), reason, resolve);
    }
  }
}
