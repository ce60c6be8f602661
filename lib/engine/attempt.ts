/**
 * One run of a transaction's function: what its handle stands for.
 */
import type { Slot } from "./context.js";
import { isSameValue } from "./equality.js";
import { DisposedError, TransactionAbortedError, transactionName } from "./errors.js";
import { schedule } from "./flush.js";
import type { SignalNode } from "./node.js";
import { addLayer, removeLayers } from "./optimistic.js";
import { writeSignal } from "./signal.js";
import type { Staging } from "./staging.js";
import { untracked } from "./track.js";

/** Taken when it is first needed, since Node makes it then; later a program may replace it. */
let Controller: typeof AbortController;

export class Attempt implements Slot {
  staging: Staging | null = null;
  /** What is to be shown as soon as there is a staging; until then it is written like the rest. */
  hoped: Map<SignalNode, unknown> | null = null;
  private controller: AbortController | null = null;
  private reason: unknown = undefined;
  private ended = false;

  /** Aborted when this run ends without a commit. Made when it is first read. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      Controller ??= AbortController;
      this.controller = new Controller();
      if (this.ended) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /**
   * Shows a value, or what a function makes of the one that is shown, and stages it. Of another transaction's
   * hope nothing is staged: there the function is called again, on what this one sees.
   *
   * @throws TransactionAbortedError when this run has ended without a commit, DisposedError after one; what
   *   the function throws. Nothing is shown then.
   */
  show(node: SignalNode, wanted: unknown): void {
    this.requireOpen();
    if (typeof wanted !== "function") return this.showValue(node, wanted, wanted);
    const make = (previous: unknown): unknown => untracked(() => wanted(previous));
    const seen = this.staging === null ? node.value : this.staging.get(node);
    const staged = make(seen);
    const shown = isSameValue(node.value, seen) ? staged : make(node.value);
    this.requireOpen();
    this.showValue(node, staged, shown);
  }

  /** Shows one value, and stages the other. */
  showValue(node: SignalNode, staged: unknown, shown: unknown): void {
    const { staging } = this;
    if (staging === null) {
      writeSignal(node, staged);
      this.hoped ??= new Map();
      this.hoped.set(node, staged);
      return;
    }
    addLayer(staging, node, shown);
    staging.stage(node, staged);
    schedule();
  }

  private requireOpen(): void {
    const { staging } = this;
    if (staging?.state === "aborted") throw new TransactionAbortedError(staging.name);
    if (staging?.state === "committed")
      throw new DisposedError(transactionName(staging.name), "has committed");
  }

  /** Ends this run without a commit, and the transactions inside of it. */
  discard(reason: unknown): void {
    const { staging } = this;
    if (staging === null || staging.state !== "open") return;
    abortInner(staging);
    try {
      removeLayers(staging);
    } finally {
      staging.discard(this);
      schedule();
    }
    this.ended = true;
    this.reason = reason;
    this.controller?.abort(reason);
  }
}

/** Ends the transactions inside of one that is about to end. */
export function abortInner({ inner }: Staging): void {
  if (inner !== null) for (const each of [...inner]) each.onAbort?.();
}
