/** What the parts of a simulated world know of each other. */
import type { Computed, Scope, Signal } from "@signal-kernel/core";
import type { Answer, Launched } from "./cell.js";
import type { Loop } from "./loop.js";
import type { Model } from "./transaction-model.js";

/** What is read through a computed: any part of the world may be behind it. */
export type Formula = (read: (name: number) => number) => number;

/** A scope of the program, and what the model knows of it. */
export interface Place {
  readonly scope: Scope;
  readonly parent: Place | null;
}

export interface World {
  readonly loop: Loop;
  readonly model: Model;
  readonly mode: number;
  readonly signals: readonly Signal<number>[];
  readonly computeds: readonly Computed<number>[];
  /** Answers that are awaited, oldest first. */
  readonly open: Answer[];
  /** Calls of streams' producers: they may emit late. */
  readonly streams: Launched[];
  /** A number that no other call has got. */
  serial(): number;
  /** What the model says is visible of a source: signals first, then computeds. */
  shown(source: number): number;
  /** How the same is made of the signals. */
  formula(source: number): Formula;
  /** The library's getter of the same. */
  getter(source: number): () => number;
  /** A callback of a cell is running, which may be one that is to call back. */
  called(cell: object, where: number): void;
  /** Something does not hold; `statement` is its number in the semantics. */
  fail(statement: string, what: string): void;
}
