/**
 * Asynchronous transactions: what one writes is staged, beside the committed state, until it commits.
 *
 * Inside - in the function's asynchronous context, or through its `tx` handle - reads see the staged
 * values, computeds included; everybody else sees the committed state. The commit is one flush.
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import { CycleError } from "./errors.js";
import { type ComputedNode, isEqual, lastValue, nameOf, type SignalNode } from "./node.js";
import { rt } from "./runtime.js";
import { logOnlooker } from "./view.js";

/** What a computed came to under the staged values, and when. */
interface StagedResult {
  readonly writes: number;
  readonly clock: number;
  readonly failed: boolean;
  readonly outcome: unknown;
}

export class Staging {
  readonly values = new Map<SignalNode, unknown>();
  open = true;
  private writes = 0;
  private readonly results = new Map<ComputedNode, StagedResult>();
  private readonly running = new Set<ComputedNode>();

  get<T>(node: SignalNode<T>): T {
    const staged = this.values as Map<unknown, unknown>;
    return staged.has(node) ? (staged.get(node) as T) : node.value;
  }

  /** Stages a write. */
  set<T>(node: SignalNode<T>, value: T): void {
    if (isEqual(node.options, this.get(node), value)) return;
    this.values.set(node as SignalNode, value);
    this.writes++;
  }

  /** Value of a computed under the staged values; its committed value and observers stay as they are. */
  read<T>(node: ComputedNode<T>): T {
    const key = node as ComputedNode;
    let result = this.results.get(key);
    if (result === undefined || result.writes !== this.writes || result.clock !== rt.clock) {
      result = this.evaluate(key);
      this.results.set(key, result);
    }
    if (result.failed) throw result.outcome;
    return result.outcome as T;
  }

  private evaluate(node: ComputedNode): StagedResult {
    if (this.running.has(node)) throw new CycleError(node, nameOf(node));
    const { run, reader, clock } = rt;
    const writes = this.writes;
    this.running.add(node);
    rt.run = 0;
    rt.reader = node;
    try {
      return { writes, clock, failed: false, outcome: node.fn(lastValue(node)) };
    } catch (outcome) {
      if (outcome instanceof CycleError) outcome.passed(node, nameOf(node));
      return { writes, clock, failed: true, outcome };
    } finally {
      this.running.delete(node);
      rt.run = run;
      rt.reader = reader;
    }
  }
}

/** Loaded with the first asynchronous transaction: from then on every await costs a little more. */
let context: AsyncLocalStorage<Staging> | null = null;

/** The staging that a function entered synchronously through its `tx` handle. */
let entered: Staging | null = null;

/** The asynchronous transaction in whose context this code runs, or null. */
export function currentTransaction(): Staging | null {
  if (rt.committed !== 0 || rt.flushing) return null;
  const staging = entered ?? context?.getStore() ?? null;
  return staging?.open ? staging : null;
}

function loadContext(): AsyncLocalStorage<Staging> | null {
  if (context === null && typeof process === "object" && process.getBuiltinModule) {
    const hooks = process.getBuiltinModule("node:async_hooks");
    context = new hooks.AsyncLocalStorage<Staging>();
  }
  return context;
}

/** Runs `fn`, and what it awaits, in the context of the staging. */
export function runStaged<T>(staging: Staging, fn: () => T): T {
  return (loadContext() as AsyncLocalStorage<Staging>).run(staging, () => runEntered(staging, fn));
}

/** Runs `fn` in the context of the staging, up to its first await. */
export function runEntered<T>(staging: Staging, fn: () => T): T {
  const outer = entered;
  entered = staging;
  try {
    return fn();
  } finally {
    entered = outer;
  }
}

/**
 * Runs `fn` on the committed state: inside a transaction, too, its writes are neither staged nor taken
 * back. What has happened outside the graph - a request was started, or cancelled - is such a write.
 */
export function onCommitted<T>(fn: () => T): T {
  const frame = rt.frame;
  if (frame !== 0) logOnlooker();
  rt.frame = 0;
  rt.committed++;
  try {
    return fn();
  } finally {
    rt.committed--;
    rt.frame = frame;
  }
}
