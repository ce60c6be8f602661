/**
 * Who has runs noted: the open transactions, which may have to take them back, and a recording.
 */
import type { ComputedNode, EffectNode, SignalNode } from "./node.js";
import { rt } from "./runtime.js";

/** What a recording is told; see recording.ts. */
export interface Recorder {
  /** A computed is about to run. */
  evaluated(node: ComputedNode): void;
  /** An effect has run. */
  ran(node: EffectNode): void;
  /** A signal has another value than at the flush before. */
  wrote(node: SignalNode): void;
  /** A flush is over. */
  flushed(): void;
}

/** A transaction becomes the innermost one, or, with 0, none is open. */
export function setFrame(frame: number): void {
  rt.frame = frame;
  rt.noting = frame !== 0 || rt.recorder !== null ? 1 : 0;
}
