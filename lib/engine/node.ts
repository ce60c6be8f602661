/**
 * The handles: what JavaScript keeps of a node. Values, functions and errors live here; identity,
 * edges and order live in the kernel, under `id`.
 *
 * Time is one number, the clock of writes: `changedAt` is when a value last changed, `validAt` when a
 * reader was last known to agree with everything it read. A reader has to run again exactly when one
 * of its dependencies, brought up to date, has `changedAt > validAt`.
 */

export type Equals<T> = (a: T, b: T) => boolean;

/** How two values are compared: null is Object.is, false is "always different". */
export type Equality<T> = Equals<T> | null | false;

/** A signal, or anything else that is written and read. */
export class SignalNode<T = unknown> {
  readonly computed = false;
  /** Kernel id while an observer reads it or an open transaction wrote it, else 0. */
  id = 0;
  changedAt = 0;
  /** The run that read it last: reads it again for free. */
  seen = 0;
  /** In the list of writes that wait for the next marking. */
  pending = false;
  /** The transaction frame that has its old value. */
  frame = 0;
  value: T;
  readonly equals: Equality<T>;
  readonly name: string | undefined;

  constructor(value: T, equals: Equality<T>, name: string | undefined) {
    this.value = value;
    this.equals = equals;
    this.name = name;
  }
}

export class ComputedNode<T = unknown> {
  readonly computed = true;
  /** Kernel id while an observer reads it, else 0. */
  id = 0;
  generation = 0;
  /** The journal epoch of its newest LINK entry. */
  linked = -1;
  /** The transaction frame that has its old state. */
  frame = 0;
  changedAt = 0;
  seen = 0;
  /** Clock at which it agreed with its dependencies; -1: it has to run whatever they say. */
  validAt = -1;
  evaluated = false;
  /** The last run threw, and `error` is what it threw. */
  failed = false;
  running = false;
  /** On the stack of a settling that is under way. */
  settling = false;
  /** Dependencies while unobserved; when observed the kernel has them. */
  deps: Source[] = NO_DEPS;
  /** Who was running when this run began: the way back along a cycle. */
  caller: Reader | null = null;
  value: T | undefined = undefined;
  error: unknown = undefined;
  readonly fn: (previous: T | undefined) => T;
  readonly equals: Equality<T>;
  readonly name: string | undefined;

  constructor(
    fn: (previous: T | undefined) => T,
    equals: Equality<T>,
    name: string | undefined,
  ) {
    this.fn = fn;
    this.equals = equals;
    this.name = name;
  }
}

/** What an effect had read before it wrote, and the clock up to which that held. */
export interface Phase {
  readonly reads: readonly Source[];
  readonly clock: number;
}

export class EffectNode {
  readonly computed = false;
  id = 0;
  generation = 0;
  linked = -1;
  validAt = 0;
  disposed = false;
  /** The flush that ran it last, and how often. */
  flush = 0;
  runs = 0;
  cleanups: (() => void)[] | null = null;
  /** Of the run under way: how far its phases reach. */
  coveredKeep = 0;
  coveredTrace = 0;
  phases: Phase[] | null = null;
  caller: Reader | null = null;
  /** Effects created by its last run, newest first. */
  lastChild: EffectNode | null = null;
  owner: EffectNode | null = null;
  /** Siblings under one owner: the one created before and the one after. */
  older: EffectNode | null = null;
  newer: EffectNode | null = null;
  readonly fn: () => unknown;
  readonly name: string | undefined;

  constructor(fn: () => unknown, name: string | undefined) {
    this.fn = fn;
    this.name = name;
  }
}

export type Source = SignalNode | ComputedNode;
export type Reader = ComputedNode | EffectNode;
export type Handle = SignalNode | ComputedNode | EffectNode;

/** Shared by all that read nothing. */
export const NO_DEPS: Source[] = [];

/** The name for messages. */
export function nameOf(node: { name: string | undefined; fn?: { name: string } }): string {
  return node.name ?? (node.fn?.name || "(unnamed)");
}

/** Object.is, written so that the common comparison of two numbers is not a call. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return a !== 0 || 1 / (a as number) === 1 / (b as number);
  return Number.isNaN(a) && Number.isNaN(b);
}
