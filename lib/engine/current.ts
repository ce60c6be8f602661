/**
 * Which transaction code works on, if not on the committed state.
 */
import { setFrame } from "./frame.js";
import type { SignalNode } from "./node.js";
import { parts } from "./parts.js";
import { rt } from "./runtime.js";
import { readSignal } from "./signal.js";
import type { Staging } from "./staging.js";

/**
 * The asynchronous transaction to which this code belongs, also one that was aborted; or null. Code of
 * an inner one that has committed belongs to the outer one.
 */
export function currentTransaction(): Staging | null {
  return rt.staging === 0 || rt.committed !== 0 ? null : parts.staging.current();
}

/** Whether a computed is being evaluated, which must only read. */
export function isEvaluating(): boolean {
  return rt.reader?.computed === true;
}

/** Whether what is written here may still be taken back, with a transaction around it. */
export function isInTransaction(): boolean {
  return rt.committed === 0 && (rt.frame !== 0 || currentTransaction() !== null);
}

/** Whether no transaction is open: then every write is of the committed state. */
export function isAllCommitted(): boolean {
  return rt.frame === 0 && rt.staging === 0;
}

/**
 * Runs `fn` on the committed state: inside a transaction, too, its writes are neither staged nor taken
 * back. What has happened outside the graph - a request was started, or cancelled - is such a write.
 */
export function onCommitted<T>(fn: () => T): T {
  const frame = rt.frame;
  if (frame !== 0) parts.log.onlooker();
  setFrame(0);
  rt.committed++;
  try {
    return fn();
  } finally {
    rt.committed--;
    setFrame(frame);
  }
}

/**
 * Reads a signal that no transaction writes, as the state of an asynchronous cell: inside of one, too,
 * it is what it is now.
 */
export function readOutside<T>(node: SignalNode<T>): T {
  rt.committed++;
  try {
    return readSignal(node);
  } finally {
    rt.committed--;
  }
}
