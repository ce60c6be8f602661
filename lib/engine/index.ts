/**
 * The engine: one instance for every package and module format. Internal to the project, except
 * `engine()` and the error classes.
 */

import type { KernelCounters } from "../../types/addon.js";
import { SK_ABI } from "./layout.js";
import { addonPath, engineKind, kernel, rt, sync } from "./runtime.js";
import { isKernelFull } from "./shortage.js";

export type { Addon, KernelCounters } from "../../types/addon.js";
export { onAbort } from "./abort.js";
export type { Attempt } from "./attempt.js";
export { type Cleanups, forget, type Owned } from "./cleanups.js";
export { after, type Clock, LONGEST_MS, now, type Stop, setClock } from "./clock.js";
export {
  type CollectedKind,
  type Collector,
  collect,
  currentCollector,
} from "./collection.js";
export { disposeComputed, peekComputed, readComputed, readsOf } from "./computed.js";
export { enableContext, runEntered } from "./context.js";
export { isReadNoticed } from "./copies.js";
export {
  isAllCommitted,
  isEvaluating,
  isInTransaction,
  onCommitted,
  readOutside,
} from "./current.js";
export { createEffectNode, disposeEffect, runAgain } from "./effect.js";
export * from "./errors.js";
export {
  batch,
  enterBatch,
  flushSync,
  flushUpTo,
  leaveBatchHandling,
} from "./flush.js";
export { enqueueJob, type Job } from "./job.js";
export * from "./layout.js";
export { type Companion, Moment } from "./moment.js";
export {
  ComputedNode,
  EffectNode,
  type Equals,
  EVALUATED,
  FAILED,
  type Failure,
  type Handle,
  type Merge,
  type NodeOptions,
  type Owner,
  RUNNING,
  ScopeNode,
  SignalNode,
  type SignalNodeOptions,
  type Source,
  type Whole,
} from "./node.js";
export { lookAt, watchFrom } from "./onlooker.js";
export { has } from "./own.js";
export { addCleanup, addCleanupTo, currentOwner, scopeOf } from "./owner.js";
export { callAs, runAs } from "./parts.js";
export {
  cellsWithSource,
  isNumbered,
  type NodeView,
  numberOf,
  numberParts,
  type Picture,
  takePicture,
} from "./picture.js";
export { planning } from "./plans.js";
export { signalOf, sourceOf } from "./probe.js";
export { NativePromise, promiseThen, thenOn } from "./promise.js";
export { type Flushed, listenToFlushes, runsOf } from "./recording.js";
export { handle, reportUncaught } from "./report.js";
export { kernel, requireAddon } from "./runtime.js";
export {
  createScopeNode,
  currentScope,
  disposeScope,
  nodeOfScope,
  runInScope,
  scopeHandles,
} from "./scope.js";
export { defaultBackoff, type TransactionSettings } from "./settings.js";
export { peekSignal, readSignal, updateSignal, writeSignal } from "./signal.js";
export { setBudget } from "./slice.js";
export { init } from "./start.js";
export { createSubscription } from "./subscription.js";
export { untracked } from "./track.js";
export { runTransaction } from "./transaction.js";
export { beginWork, endWork, settled } from "./work.js";

/** What {@link engine} tells. */
export interface EngineInfo {
  /** "native": the addon; "wasm": the same kernel as a WebAssembly module. */
  readonly kind: "native" | "wasm";
  readonly abi: number;
  /** Version of the package. */
  readonly version: string;
  /** File of the addon; undefined of the WebAssembly engine, which is part of the code. */
  readonly path: string | undefined;
  /** Exact when asked: live nodes, edges, tasks, bytes of kernel memory, calls into C. */
  readonly counters: KernelCounters;
}

/** Calls into C made by looking, which do not count. */
let looks = 0;

/** So that the counters are exact; a kernel that is full has them as they are. */
function tidyUp(): void {
  try {
    /* The first call releases what nobody reads, the second gives its memory back. */
    looks++;
    sync();
    looks++;
    sync();
  } catch (error) {
    if (!isKernelFull(error)) throw error;
  }
}

/**
 * Tells which engine is at work, and its counters. It tells them also when memory is out.
 *
 * @example
 * console.log(engine().kind, engine().counters.nodes);
 */
export function engine(): EngineInfo {
  tidyUp();
  const version = typeof __SK_VERSION__ === "string" ? __SK_VERSION__ : "0.0.0-source";
  const stats = kernel.stats();
  const counters = { ...stats, crossings: stats.crossings - looks };
  return { kind: engineKind, abi: SK_ABI, version, path: addonPath, counters };
}

/** The invariant of kernel or run loop that does not hold, or undefined. For tests. */
export function checkEngine(): string | undefined {
  if (rt.top > 0 && rt.reader === null) return "the trace is empty between runs";
  return kernel.check();
}
