/**
 * Asynchronous transactions: what one writes is staged, beside the committed state, until it commits.
 *
 * Inside - in the function's asynchronous context, or through its `tx` handle - reads see the staged
 * values over the committed state as of the beginning, computeds included; everybody else sees the
 * committed state. The kernel has the sets of what was read and written, and their versions.
 *
 * A transaction inside another one stages into that: the values of the outer one are its committed
 * state.
 */

import { holdContext, isRefusing, letContextGo, type Slot } from "./context.js";
import { isEqual } from "./equality.js";
import { AsyncContextError, TransactionAbortedError } from "./errors.js";
import { Evaluations } from "./evaluations.js";
import { type Beginning, beginReading, endReading, publishVersion, valueAt } from "./history.js";
import { SK_TOUCH_READ, SK_TOUCH_WRITE } from "./layout.js";
import { pin } from "./link.js";
import type { ComputedNode, SignalNode } from "./node.js";
import { forgetLayers, isOverlaid } from "./optimistic.js";
import { parts } from "./parts.js";
import { joinPlainWrites } from "./plain.js";
import { afterCall, kernel, rt, SLOT_SHIFT } from "./runtime.js";

/** Where a staging stands. */
export type StagingState = "open" | "committed" | "aborted";

/** Stagings that are open. */
let open = 0;

/** Gives back what an aborted transaction holds, once its code cannot run any more. */
const lingering = /* @__PURE__ */ new FinalizationRegistry<undefined>(() => {
  rt.staging--;
  letContextGo();
});

export class Staging {
  readonly values = new Map<SignalNode, unknown>();
  /** Signals of which it shows an optimistic value. */
  optimistic: Set<SignalNode> | null = null;
  /** Transactions inside of it that are open. */
  inner: Set<Staging> | null = null;
  readonly name: string | undefined;
  readonly parent: Staging | null;
  state: StagingState = "open";
  /** Ends it from outside: the transaction around it ends. */
  onAbort: (() => void) | null = null;
  private readonly id: number;
  private beginning: Beginning | null;
  /** The time as of which the committed state is read. */
  private readonly began: number;
  private readonly touches: number;
  private writes = 0;
  /** Of an inner transaction: what each signal was that it has written. */
  private bases: Map<SignalNode, unknown> | null = null;
  private evaluations: Evaluations | null = null;

  /**
   * Opens a transaction, inside of `parent` if it is given.
   *
   * @throws TransactionAbortedError when that has ended without a commit.
   */
  constructor(parent: Staging | null, name: string | undefined, serializable: boolean) {
    if (parent?.state === "aborted") throw new TransactionAbortedError(parent.name);
    this.id = kernel.stagingOpen(parent === null ? 0 : parent.id, rt.clock);
    this.parent = parent;
    this.name = name;
    this.touches = SK_TOUCH_WRITE | (serializable ? SK_TOUCH_READ : 0);
    this.beginning = parent === null ? beginReading() : null;
    this.began = parent === null ? rt.clock : parent.began;
    if (parent !== null) {
      parent.inner ??= new Set();
      parent.inner.add(this);
    }
    open++;
    if (parent === null && rt.frames !== 0) parts.log.beginning();
    joinPlainWrites();
  }

  /** The value of a signal as this transaction sees it. */
  get<T>(node: SignalNode<T>): T {
    this.noteRead(node as SignalNode);
    return this.look(node as SignalNode) as T;
  }

  /** What an inner one reads of the outer one's state that has read, too, whatever the inner comes to. */
  private noteRead(node: SignalNode): void {
    if (this.state !== "open") return;
    if ((this.touches & SK_TOUCH_READ) !== 0) this.touch(node, SK_TOUCH_READ);
    if (!this.values.has(node)) this.parent?.noteRead(node);
  }

  look(node: SignalNode): unknown {
    if (this.values.has(node)) return this.values.get(node);
    if (this.parent !== null) return this.parent.look(node);
    /* From what was seen in the midst of a batch, a reversal does not go back unnoticed. */
    if (node.write !== null && node.seen === 0 && !isOverlaid(node)) node.seen = -1;
    return this.state === "open" ? valueAt(node, this.began) : node.value;
  }

  /** What a signal was when this transaction began; of an inner one: when it first wrote it. */
  base(node: SignalNode): unknown {
    return this.parent === null ? valueAt(node, this.began) : this.bases?.get(node);
  }

  /** Adds a signal to the kernel's set of what this transaction has read or written. */
  private touch(node: SignalNode, how: number): void {
    if (node.id === 0) pin(node);
    try {
      kernel.stagingTouch(this.id, node.id, how, rt.clock);
    } finally {
      afterCall();
    }
    publishVersion(node);
  }

  /**
   * Stages a write.
   *
   * @throws TransactionAbortedError when the transaction was aborted: the write would be without it.
   *   AsyncContextError for a plain write that would not belong to it after an await.
   */
  set<T>(node: SignalNode<T>, value: T): void {
    if (isRefusing()) throw new AsyncContextError(this.name);
    if (this.state === "aborted") throw new TransactionAbortedError(this.name);
    if (isEqual(node.options, this.get(node), value)) return;
    this.stage(node as SignalNode, value);
  }

  /** Stages a write whatever the value was. */
  stage(node: SignalNode, value: unknown): void {
    /* Staged writes move the clock: an inner transaction that began earlier is in conflict. */
    rt.clock++;
    this.noteBase(node, this.parent?.look(node));
    this.touch(node, SK_TOUCH_WRITE);
    this.values.set(node, value);
    this.writes++;
  }

  /** To be called before each write, with what the writer took the signal to be. */
  private noteBase(node: SignalNode, base: unknown): void {
    if (this.parent === null) return;
    this.bases ??= new Map();
    if (!this.bases.has(node)) this.bases.set(node, base);
  }

  /** Value of a computed under the staged values; its committed value and observers stay as they are. */
  read<T>(node: ComputedNode<T>): T {
    this.evaluations ??= new Evaluations();
    return this.evaluations.read(node as ComputedNode, this.writes) as T;
  }

  /** The signals that somebody else has written since this transaction saw them. */
  conflicts(): SignalNode[] {
    const count = kernel.stagingCheck(this.id, this.touches);
    afterCall();
    const nodes: SignalNode[] = [];
    for (let i = 0; i < count; i++)
      nodes.push(rt.handles[rt.conflicts[i] >> SLOT_SHIFT] as SignalNode);
    return nodes;
  }

  /** A comparator or a merge may have aborted it, or the outer one, in the midst of its commit. */
  requireOpen(): void {
    if (this.state !== "open") throw new TransactionAbortedError(this.name);
    this.parent?.requireOpen();
  }

  /** Ends it; its writes have been made. Returns its place among the commits. */
  commit(): number {
    this.requireOpen();
    try {
      if (this.parent !== null) {
        for (const [node, value] of this.values)
          this.parent.take(node, value, this.bases?.get(node));
      }
      return kernel.stagingCommit(this.id, rt.clock);
    } finally {
      this.close("committed");
    }
  }

  /** An inner transaction has committed a write. */
  private take(node: SignalNode, value: unknown, base: unknown): void {
    this.noteBase(node, base);
    this.values.set(node, value);
    this.writes++;
    rt.clock++;
  }

  /**
   * Ends it without a trace. Its code may go on: what that writes is refused as long as `slot`, by
   * which it is known, can be reached.
   */
  discard(slot: Slot): void {
    if (this.state !== "open") return;
    kernel.stagingDiscard(this.id);
    this.close("aborted");
    rt.staging++;
    holdContext();
    lingering.register(slot, undefined);
  }

  /** Nothing of the past is needed any more: it will end. */
  endReading(): void {
    if (this.beginning !== null) endReading(this.beginning);
    this.beginning = null;
  }

  private close(state: StagingState): void {
    this.state = state;
    this.parent?.inner?.delete(this);
    this.evaluations = null;
    this.endReading();
    rt.staging--;
    open--;
    endShowing();
    rt.dirty = true;
    afterCall();
  }
}

/** Once no transaction is open, of either kind, what is shown is committed. */
export function endShowing(): void {
  if (open === 0 && rt.frames === 0) forgetLayers();
}
