/**
 * The parts of the engine that not every program has: transactions, those that are asynchronous, the
 * asynchronous context, slices. Reading, writing and running effects calls them, but does not import
 * them, so that a bundler leaves out what a program never starts.
 *
 * Each takes its place here in the call that first needs it, before that makes true what the core asks
 * about: so a call costs the core no more than the question that it has to ask anyway.
 *
 *     log        before `rt.frame` is not 0
 *     staging    before `rt.staging` is not 0
 *     context    null while nobody has entered a scope or a transaction
 *     slices     before `rt.budget` is finite
 */
import type { ComputedNode, EffectNode, ScopeNode, SignalNode, Source, Write } from "./node.js";
import { rt } from "./runtime.js";
import type { Staging } from "./staging.js";

/** What synchronous transactions have to know; see undo.ts and view.ts. */
export interface LogPart {
  write(node: SignalNode): boolean;
  read(node: SignalNode, write: Write): void;
  evaluation(node: ComputedNode): void;
  effect(effect: EffectNode, sources: Source[], times: number[]): void;
  onlooker(): void;
  beginning(): void;
}

/** What asynchronous transactions have to do with plain reads and writes; see plain.ts. */
export interface StagingPart {
  current(): Staging | null;
  noticePlainWrite(node: SignalNode): void;
  keepVersion(node: SignalNode): boolean;
  confirmVersion(node: SignalNode): void;
  publishVersion(node: SignalNode): void;
}

/** Whose code is running, also after an await; see context.ts. */
export interface ContextPart {
  scope(): ScopeNode | null;
  runAs<T>(scope: ScopeNode | null, fn: () => T): T;
}

/** Background work in pieces; see slice.ts. */
export interface SlicesPart {
  /** The flush of a batch or a microtask; true when background work waits for a slice. */
  first(): boolean;
  /** Asks for a turn of the event loop, in which the next slice runs. */
  defer(): void;
}

export const parts = {
  log: null as unknown as LogPart,
  staging: null as unknown as StagingPart,
  context: null as ContextPart | null,
  slices: null as unknown as SlicesPart,
};

/**
 * Runs `fn`, and what it awaits, as code of a scope, or of nobody, and of no transaction, whoever causes it. Where
 * nobody has entered one of them all code is of nobody.
 */
export function runAs<T>(scope: ScopeNode | null, fn: () => T): T {
  return parts.context === null ? fn() : parts.context.runAs(scope, fn);
}

/**
 * Calls a function of the program untracked, as `runAs` does. In few frames: what it calls may call it again, a
 * thousand deep.
 */
export function callAs<A extends unknown[], R>(
  scope: ScopeNode | null,
  fn: (...args: A) => R,
  args: A,
): R {
  const { run } = rt;
  rt.run = 0;
  try {
    return parts.context === null ? fn(...args) : parts.context.runAs(scope, () => fn(...args));
  } finally {
    rt.run = run;
  }
}
