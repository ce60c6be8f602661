/**
 * The nodes: what JavaScript keeps of one. Values, functions and errors live here; identity, edges and
 * order live in the kernel, under `id`.
 *
 * Time is one number, the clock of writes: `changedAt` is when a value last changed, `validAt` when a
 * reader was last known to agree with everything it read. A reader has to run again exactly when one
 * of its dependencies, brought up to date, has `changedAt > validAt`.
 *
 * A computed that nobody observes is not marked when something behind it is written; it would have to look at
 * all that it read whenever the clock has moved. So there is a second clock, which moves only with signals that
 * such a computed has read: while `lazyAt` agrees with it, nothing has changed.
 *
 * There are many of them: what few need is not a field.
 */
import type { Cleanups, Owned } from "./cleanups.js";
import { has } from "./own.js";
import type { Plan } from "./plan.js";

/** Tells whether two values count as the same. */
export type Equals<T> = (a: T, b: T) => boolean;

/** Makes one value of two that were committed side by side; `base` is what both came from. */
export type Merge<T> = (base: T, theirs: T, mine: T) => T;

/** Several nodes that are one thing to those who look at the graph: an asynchronous cell. */
export interface Whole extends Owned {
  readonly kind: "resource" | "stream";
  readonly disposed: boolean;
  /** Version of the outcome that committed last. */
  readonly version: number;
  /** Its task in the kernel. */
  readonly task: number;
  /** By this node it is known. */
  readonly value: SignalNode;
  readonly status: SignalNode;
  readonly error: SignalNode;
  /** All that it is made of, but for the effects that say so themselves. */
  parts(): readonly Source[];
}

/** What only some nodes have: a comparison other than Object.is (false: always different), a name. */
export interface NodeOptions<T> {
  readonly equals: Equals<T> | false | null;
  readonly name: string | undefined;
  /** What the node is a part of, where that has options of its own. */
  readonly of: Whole | null;
}

/** What only some effects have. */
export interface EffectNodeOptions {
  readonly name: string | undefined;
  /** What the effect is a part of. */
  readonly of: Whole | null;
}

/** What only some signals have, beside that: how what was committed side by side is merged. */
export interface SignalNodeOptions<T> extends NodeOptions<T> {
  readonly merge?: Merge<T> | undefined;
}

/** What a signal was when it was last seen, of a signal that was written since the last flush. */
export class Write {
  node: SignalNode | null = null;
  value: unknown = undefined;
  changedAt = 0;
  /** `changedAt` before the first write since the last flush. */
  first = 0;
  /** The kernel knows of the newest write. */
  published = false;
  /** The transaction frame that has the signal's old value. */
  frame = 0;
}

/** Bits of a signal's `traits`: a computed that nobody observed has read it. */
export const LAZILY_READ = 1;
/** There is much behind it: marking that is left to the kernel. */
export const WIDE = 2;

/** A signal. */
export class SignalNode<T = unknown> {
  declare readonly computed: false;
  /** Kernel id while an observer reads it or an open transaction wrote it, else 0. */
  id = 0;
  changedAt = 0;
  /** The run that read it last: that run reads it again for free. */
  seen = 0;
  value: T;
  /** What it was, when it was written since the last flush. */
  write: Write | null = null;
  readonly options: SignalNodeOptions<T> | null;
  /** What follows when it is written, if that is known; see plan.ts. */
  plan: Plan | null = null;
  /** LAZILY_READ, WIDE. */
  traits = 0;

  constructor(value: T, options: SignalNodeOptions<T> | null) {
    this.value = value;
    this.options = options;
  }
}

/** What a run of a computed threw, in the place of its value, and the value before. */
export interface Failure<T = unknown> {
  readonly error: unknown;
  readonly value: T | undefined;
}

/** Bits of a computed's `state`. */
export const EVALUATED = 1;
/** Its function is being called. */
export const RUNNING = 2;
/** It is on the path of a settling of unobserved computeds. */
export const SETTLING = 4;
/** It was read while it ran, or its run ended in a cycle. */
export const CYCLIC = 8;
/** Its last run threw: `value` is a Failure. */
export const FAILED = 16;

export class ComputedNode<T = unknown> {
  declare readonly computed: true;
  /** Kernel id while an observer reads it, else 0. */
  id = 0;
  changedAt = 0;
  seen = 0;
  state = 0;
  /** Clock at which it agreed with its dependencies; -1: it has to run whatever they say. */
  validAt = -1;
  /** The second clock at which it agreed with them, while unobserved; -1: that clock cannot tell. */
  lazyAt = -1;
  /** Dependencies while unobserved; when observed the kernel has them. */
  deps: Source[] = NO_DEPS;
  value: T | Failure<T> | undefined = undefined;
  readonly fn: (previous: T | undefined) => T;
  readonly options: NodeOptions<T> | null;

  constructor(fn: (previous: T | undefined) => T, options: NodeOptions<T> | null) {
    this.fn = fn;
    this.options = options;
  }
}

/** The last value that a run returned; undefined before there was one. */
export function lastValue<T>(node: ComputedNode<T>): T | undefined {
  const { value } = node;
  return (node.state & FAILED) === 0 ? (value as T | undefined) : (value as Failure<T>).value;
}

/** What an effect had read before it wrote, and the clock up to which that held. */
export interface Phase {
  readonly reads: readonly Source[];
  /** `changedAt` of each when the phase ended. */
  readonly times: readonly number[];
  readonly clock: number;
}

/** Of the run under way of an effect that writes: its phases, and how far they reach. */
export interface Progress {
  readonly phases: Phase[];
  /** The next edge and the place in the trace that no phase covers yet. */
  edge: number;
  trace: number;
}

/** What owns effects and scopes that were created inside of it. */
export type Owner = EffectNode | ScopeNode;

/** The place of an effect or scope among those that its owner has. */
export interface Place {
  readonly owner: Owner;
  older: Owner | null;
  newer: Owner | null;
}

export class EffectNode {
  declare readonly computed: false;
  /** Kernel id; 0 when it was disposed. */
  id = 0;
  validAt = 0;
  /** How often it ran in which flush; see loop.ts. */
  runs = 0;
  cleanups: Cleanups | null = null;
  progress: Progress | null = null;
  /** Effects and scopes created by its last run, newest first. */
  lastChild: Owner | null = null;
  place: Place | null = null;
  fn: () => unknown;
  readonly options: EffectNodeOptions | null;

  constructor(fn: () => unknown, options: EffectNodeOptions | null) {
    this.fn = fn;
    this.options = options;
  }
}

/** A scope owns what is created in it, and is nothing else: no node of the graph. */
export class ScopeNode {
  disposed = false;
  cleanups: Cleanups | null = null;
  lastChild: Owner | null = null;
  place: Place | null = null;
  /** Asynchronous cells in it, and in scopes inside of it, that are pending. */
  pending = 0;
  /** Called, once, when there are none any more. */
  waiters: (() => void)[] | null = null;
  /** Code has run in it, and may come back to it from an await. */
  holdsContext = false;
  /** In the contexts of that code: while somebody has it, code may come back. */
  mark: object | null = null;
  /** What the program has of it. */
  handle: object | null = null;
  /** The scope around it, also after it has ended. */
  readonly outer: ScopeNode | null;
  readonly name: string | undefined;
  /** Takes the errors of what it owns. */
  readonly onError: ((error: unknown) => void) | null;

  constructor(
    outer: ScopeNode | null,
    name: string | undefined,
    onError: ((error: unknown) => void) | null,
  ) {
    this.outer = outer;
    this.name = name;
    this.onError = onError;
  }
}

/* Which kind a node is costs it no field. */
Object.defineProperty(SignalNode.prototype, "computed", { value: false });
Object.defineProperty(ComputedNode.prototype, "computed", { value: true });
Object.defineProperty(EffectNode.prototype, "computed", { value: false });

export type Source = SignalNode | ComputedNode;
export type Reader = ComputedNode | EffectNode;
export type Handle = SignalNode | ComputedNode | EffectNode;

/** Shared by all that read nothing. */
export const NO_DEPS: Source[] = [];

/** The name for messages. */
export function nameOf(node: Handle): string {
  const own: unknown = has(node, "fn") ? node.fn.name : "";
  return node.options?.name ?? (typeof own === "string" && own !== "" ? own : "(unnamed)");
}
