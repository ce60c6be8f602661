/**
 * From a handle back to its node. A handle is a plain object that anybody can take apart, so there is
 * no list of them; what a `get` reads is found out by calling it inside a transaction that only listens.
 */
import { runEntered, type Slot } from "./context.js";
import type { ComputedNode, SignalNode, Source } from "./node.js";
import { joinPlainWrites } from "./plain.js";
import { rt } from "./runtime.js";
import type { Staging } from "./staging.js";

/** Stands in the place of a transaction, and writes down what is read. */
class Probe {
  readonly state = "open";
  found: Source | null = null;

  get(node: SignalNode): unknown {
    this.found = node;
    return undefined;
  }

  /** A computed, which is not evaluated. */
  read(node: ComputedNode): void {
    this.found = node;
  }
}

/** The signal that `peek` reads, or null when it reads none. */
export function signalOf(peek: () => unknown): SignalNode | null {
  const found = sourceOf(peek);
  return found === null || found.computed ? null : found;
}

/** The signal or computed that `get` reads, or null when it reads none. */
export function sourceOf(get: () => unknown): Source | null {
  const probe = new Probe();
  const slot: Slot = { staging: probe as unknown as Staging };
  const { run } = rt;
  rt.run = 0;
  joinPlainWrites();
  try {
    runEntered(slot, get);
  } catch {
    return null;
  } finally {
    rt.staging--;
    rt.run = run;
  }
  return probe.found;
}
