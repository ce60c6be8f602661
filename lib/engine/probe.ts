/**
 * From a handle back to its node. A handle is a plain object that anybody can take apart, so there is
 * no list of them; what a `get` reads is found out by calling it inside a transaction that only listens.
 */
import { runEntered, type Slot } from "./context.js";
import type { SignalNode } from "./node.js";
import { joinPlainWrites } from "./plain.js";
import { rt } from "./runtime.js";
import type { Staging } from "./staging.js";

/** Stands in the place of a transaction, and writes down which signal is read. */
class Probe {
  readonly state = "open";
  found: SignalNode | null = null;

  get(node: SignalNode): unknown {
    this.found = node;
    return undefined;
  }

  /** A computed. */
  read(): void {
    this.found = null;
  }
}

/** The signal that `peek` reads, or null when it reads none. */
export function signalOf(peek: () => unknown): SignalNode | null {
  const probe = new Probe();
  const slot: Slot = { staging: probe as unknown as Staging };
  const { run } = rt;
  rt.run = 0;
  joinPlainWrites();
  try {
    runEntered(slot, peek);
  } catch {
    return null;
  } finally {
    rt.staging--;
    rt.run = run;
  }
  return probe.found;
}
