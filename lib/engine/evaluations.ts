/**
 * Computeds as one asynchronous transaction sees them: evaluated on what it has staged, and remembered
 * for as long as that lasts.
 */

import { CycleError } from "./errors.js";
import { type ComputedNode, lastValue, nameOf } from "./node.js";
import { isInstance } from "./own.js";
import { rt } from "./runtime.js";

/** What a computed came to, and when. */
interface Result {
  readonly writes: number;
  readonly clock: number;
  readonly failed: boolean;
  readonly outcome: unknown;
}

export class Evaluations {
  private readonly results = new Map<ComputedNode, Result>();
  private readonly running = new Set<ComputedNode>();

  /**
   * The value of a computed after so many staged writes. To be called where reads are the transaction's.
   *
   * @throws What its function throws; CycleError.
   */
  read(node: ComputedNode, writes: number): unknown {
    let result = this.results.get(node);
    if (result === undefined || result.writes !== writes || result.clock !== rt.clock) {
      result = this.evaluate(node, writes);
      this.results.set(node, result);
    }
    if (result.failed) throw result.outcome;
    return result.outcome;
  }

  private evaluate(node: ComputedNode, writes: number): Result {
    if (this.running.has(node)) throw new CycleError(node, nameOf(node));
    const { run, reader, clock } = rt;
    this.running.add(node);
    rt.run = 0;
    rt.reader = node;
    try {
      return { writes, clock, failed: false, outcome: node.fn(lastValue(node)) };
    } catch (outcome) {
      if (isInstance(outcome, CycleError)) outcome.passed(node, nameOf(node));
      return { writes, clock, failed: true, outcome };
    } finally {
      this.running.delete(node);
      rt.run = run;
      rt.reader = reader;
    }
  }
}
