/** What the parts of a simulated world know of each other. */
import type { Scope } from "@signal-kernel/core";
import type { Answer, Launched } from "./cell.js";
import type { Graph } from "./graph.js";
import type { Loop } from "./loop.js";

/** A scope of the program, and what the model knows of it. */
export interface Place {
  readonly scope: Scope;
  readonly parent: Place | null;
}

export interface World {
  readonly loop: Loop;
  readonly graph: Graph;
  readonly mode: number;
  /** Answers that are awaited, oldest first. */
  readonly open: Answer[];
  /** Calls of streams' producers: they may emit late. */
  readonly streams: Launched[];
  /** A number that no other call has got. */
  serial(): number;
  /** A callback of a cell is running, which may be one that is to call back. */
  called(cell: object, where: number): void;
  /** Something does not hold; `statement` is its number in the semantics. */
  fail(statement: string, what: string): void;
}
