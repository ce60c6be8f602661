/**
 * What a picture says of one node. In an open synchronous transaction that is what it was before.
 */
import {
  type ComputedNode,
  EffectNode,
  EVALUATED,
  FAILED,
  type Failure,
  type Handle,
  has,
  type Picture,
  RUNNING,
  type SignalNode,
  SK_QUEUED,
  SK_STALE,
  type Source,
  type Whole,
} from "#engine";
import { isWhole, type Thing } from "./graph.js";
import type { GraphNode, GraphNodeKind, GraphNodeState } from "./types.js";

/** A value, an error, or neither. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
}

export function kindOf(thing: Thing): GraphNodeKind {
  if (isWhole(thing)) return thing.kind;
  if (thing.computed) return "computed";
  return thing instanceof EffectNode ? "effect" : "signal";
}

/** The name that the program has given, or that its function has. */
export function nameOf(thing: Thing): string | undefined {
  if (isWhole(thing)) return thing.value.options?.name;
  const own = has(thing, "fn") ? thing.fn.name : "";
  return thing.options?.name ?? (typeof own === "string" && own !== "" ? own : undefined);
}

/** Describes the nodes of one picture. */
export class Descriptions {
  private readonly picture: Picture;
  /** Whether a computed that nobody observes may have to run; found out by a loop, not by recursion. */
  private readonly stale = new Map<ComputedNode, boolean>();

  constructor(picture: Picture) {
    this.picture = picture;
  }

  stateOf(thing: Thing): GraphNodeState {
    if (isWhole(thing)) return this.stateOfWhole(thing);
    if (thing.computed) return this.stateOfComputed(thing);
    if (thing instanceof EffectNode) {
      if (this.picture.reader === thing) return "running";
      return (this.flagsOf(thing) & SK_QUEUED) === 0 ? "clean" : "dirty";
    }
    const isWritten = thing.write !== null && thing.changedAt !== thing.write.first;
    return isWritten || this.picture.signalsBefore.has(thing) ? "dirty" : "clean";
  }

  private stateOfWhole(whole: Whole): GraphNodeState {
    if (whole.disposed) return "disposed";
    const status = this.statusOf(whole);
    if (status === "pending" || status === "streaming") return "pending";
    return status === "error" ? "error" : "clean";
  }

  private stateOfComputed(node: ComputedNode): GraphNodeState {
    if ((node.state & RUNNING) !== 0) return "running";
    if (this.picture.computedsBefore.has(node) || this.isStale(node)) return "dirty";
    return (node.state & FAILED) === 0 ? "clean" : "error";
  }

  private flagsOf(node: Handle): number {
    return this.picture.nodes.get(node)?.flags ?? 0;
  }

  /** Undefined: what it reads has to be looked at first. */
  private staleAtOnce(node: Source): boolean | undefined {
    if (!node.computed) return false;
    if (this.picture.nodes.has(node)) return (this.flagsOf(node) & SK_STALE) !== 0;
    if ((node.state & EVALUATED) === 0 || node.validAt < 0) return true;
    if (node.validAt === this.picture.clock) return false;
    return this.stale.get(node);
  }

  private isStale(root: ComputedNode): boolean {
    const path: { readonly node: ComputedNode; at: number }[] = [];
    const enter = (node: ComputedNode) => {
      /* Met again on the way down it is one of a cycle, and has to run. */
      this.stale.set(node, true);
      path.push({ node, at: 0 });
    };
    if (this.staleAtOnce(root) === undefined) enter(root);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { deps, validAt } = step.node;
      let isStale: boolean | undefined = false;
      for (; isStale === false && step.at < deps.length; step.at++) {
        const dep = deps[step.at] as Source;
        isStale = dep.changedAt > validAt || this.staleAtOnce(dep);
        if (isStale === undefined) {
          enter(dep as ComputedNode);
          break;
        }
      }
      if (isStale === undefined) continue;
      this.stale.set(step.node, isStale);
      path.pop();
    }
    return this.staleAtOnce(root) === true;
  }

  /** The committed value of a signal. */
  private valueOf(node: SignalNode): unknown {
    const before = this.picture.signalsBefore.get(node);
    return before === undefined ? node.value : before.value;
  }

  statusOf(whole: Whole): NonNullable<GraphNode["status"]> {
    return this.valueOf(whole.status) as NonNullable<GraphNode["status"]>;
  }

  versionOf(thing: Thing): number {
    if (isWhole(thing)) return thing.version;
    if (thing.computed)
      return this.picture.computedsBefore.get(thing)?.changedAt ?? thing.changedAt;
    if (thing instanceof EffectNode) return 0;
    return this.picture.signalsBefore.get(thing)?.changedAt ?? thing.changedAt;
  }

  priorityOf(effect: EffectNode): number {
    return this.picture.nodes.get(effect)?.priority ?? 0;
  }

  newestRunOf(whole: Whole): number | undefined {
    return this.picture.runs.get(whole.task);
  }

  /** What the node holds. Nothing is evaluated. */
  outcomeOf(thing: Thing): Outcome {
    if (isWhole(thing)) {
      const value = this.valueOf(thing.value);
      const error = this.valueOf(thing.error);
      const shown = value === undefined ? {} : { value };
      return error === undefined ? shown : { ...shown, error };
    }
    if (thing instanceof EffectNode) return {};
    if (!thing.computed) return { value: this.valueOf(thing) };
    const { state, value } = this.picture.computedsBefore.get(thing) ?? thing;
    if ((state & EVALUATED) === 0) return {};
    return (state & FAILED) === 0 ? { value } : { error: (value as Failure).error };
  }
}
