/**
 * Recording: what runs, and what each flush was about, for as long as somebody listens. Nothing of it is
 * in the way while nobody does: runs are noted where transactions have them noted, too.
 */

import { enterBatch, leaveBatchHandling } from "./flush.js";
import { type Recorder, setFrame } from "./frame.js";
import type { ComputedNode, EffectNode, SignalNode } from "./node.js";
import { unowned } from "./owner.js";
import { handle } from "./report.js";
import { rt } from "./runtime.js";

/** What one flush has done. */
export interface Flushed {
  /** Signals that have another value than after the flush before. */
  readonly written: ReadonlySet<SignalNode>;
  /** Computeds that have run, how often, and whether their value is another one. */
  readonly evaluated: ReadonlyMap<
    ComputedNode,
    { readonly runs: number; readonly changed: boolean }
  >;
  /** Effects that have run, and how often. */
  readonly ran: ReadonlyMap<EffectNode, number>;
}

export type FlushListener = (flushed: Flushed) => void;

class Recording implements Recorder {
  readonly listeners = new Set<FlushListener>();
  private written = new Set<SignalNode>();
  /** What each was when it first ran in this flush. */
  private evaluations = new Map<ComputedNode, { runs: number; readonly changedAt: number }>();
  private runs = new Map<EffectNode, number>();
  private readonly counts = new WeakMap<object, number>();
  /** Listeners are called: what they write is not told them again. */
  private telling = false;

  wrote(node: SignalNode): void {
    if (!this.telling) this.written.add(node);
  }

  evaluated(node: ComputedNode): void {
    if (this.telling) return;
    this.count(node);
    /* What runs in between is of the next flush, if it is on account of what that will be about. */
    if (!rt.flushing && (node.id === 0 || !rt.dirty)) return;
    const known = this.evaluations.get(node);
    if (known !== undefined) known.runs++;
    else this.evaluations.set(node, { runs: 1, changedAt: node.changedAt });
  }

  ran(node: EffectNode): void {
    if (this.telling) return;
    this.count(node);
    /* Else it has just been created. */
    if (rt.flushing) this.runs.set(node, (this.runs.get(node) ?? 0) + 1);
  }

  private count(node: object): void {
    this.counts.set(node, this.runsOf(node) + 1);
  }

  runsOf(node: object): number {
    return this.counts.get(node) ?? 0;
  }

  flushed(): void {
    const { written, evaluations, runs } = this;
    if (this.telling || written.size + evaluations.size + runs.size === 0) return;
    this.written = new Set();
    this.evaluations = new Map();
    this.runs = new Map();
    const evaluated = [...evaluations].map(
      ([node, { runs, changedAt }]) =>
        [node, { runs, changed: node.changedAt !== changedAt }] as const,
    );
    this.tell({ written, evaluated: new Map(evaluated), ran: runs });
  }

  /** What listeners write is flushed before anybody else goes on, and what they throw is handled. */
  private tell(flushed: Flushed): void {
    this.telling = true;
    enterBatch();
    try {
      for (const listener of [...this.listeners])
        unowned(() => {
          try {
            listener(flushed);
          } catch (error) {
            handle(error, null);
          }
        });
    } finally {
      leaveBatchHandling();
      this.telling = false;
    }
  }
}

/** Made when it is first asked for, so that a bundle of a program that never asks does without it. */
let recording: Recording | null = null;

function attach(recorder: Recorder | null): void {
  rt.recorder = recorder;
  setFrame(rt.frame);
}

/** Calls `listener` after each flush that did something, until the returned function is called. */
export function listenToFlushes(listener: FlushListener): () => void {
  recording ??= new Recording();
  const { listeners } = recording;
  listeners.add(listener);
  attach(recording);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    attach(null);
    recording = null;
  };
}

/** How often a computed or effect has run while somebody listened. */
export function runsOf(node: object): number {
  return recording?.runsOf(node) ?? 0;
}
