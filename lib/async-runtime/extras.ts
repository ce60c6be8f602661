/**
 * What only the cells have that somebody asked for it: made when it is first needed.
 */
import { type ComputedNode, reportUncaught } from "#engine";
import type { Run } from "./run.js";
import { createState, type State } from "./state.js";

export class Extras<T> {
  /** Version of the last outcome, for those who track it. */
  readonly version: State<number>;
  /** The run that committed last, since somebody looks. */
  last: Run<T> | null = null;
  /** `meta.state()`, see record.ts. */
  record: ComputedNode | null = null;
  /** `meta.promise()` while it is pending, see next.ts. */
  next: Promise<T> | null = null;
  /** Called when the program knows how a run ended. */
  readonly onEnd = new Set<(run: Run<T>) => void>();
  /** Called on `cancel` and `dispose`: they drop what has not started. */
  readonly onDrop = new Set<() => void>();
  /** Called when the cell has ended for good. */
  readonly onClose = new Set<() => void>();

  constructor(version: number) {
    this.version = createState(version);
  }
}

/** Calls all, also those behind one that throws. A list that grows meanwhile is not followed. */
export function callAll<A extends unknown[]>(
  listeners: Iterable<(...args: A) => void>,
  ...args: A
): void {
  for (const listener of [...listeners]) {
    try {
      listener(...args);
    } catch (error) {
      reportUncaught(error);
    }
  }
}
