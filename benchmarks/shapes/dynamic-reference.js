// @ts-check
// What the graphs of the dynamic family must give, found with no library: the values, and how often
// the computeds of a lazy graph with exact dependencies run.

import { makePlan, nodeFunction, written } from "./dynamic-plan.js";

/**
 * One node of the naive evaluator: it remembers what it read last, asks each of these in turn
 * whether it changed since, and runs again at the first yes.
 */
class Cell {
  /** @param {Evaluator} owner */
  constructor(owner) {
    this.owner = owner;
    /** @type {(() => number) | null} */
    this.fn = null;
    this.value = 0;
    this.changedAt = 0;
    this.ranAt = -1;
    this.checkedAt = -1;
    /** @type {Cell[]} */
    this.dependencies = [];
  }

  read() {
    this.settle();
    this.owner.reader?.dependencies.push(this);
    return this.value;
  }

  settle() {
    const { owner } = this;
    if (this.fn === null || this.checkedAt === owner.clock) return;
    this.checkedAt = owner.clock;
    if (this.ranAt >= 0 && !this.stale()) return;
    this.dependencies = [];
    const outer = owner.reader;
    owner.reader = this;
    const value = this.fn();
    owner.reader = outer;
    this.ranAt = owner.clock;
    if (value !== this.value) {
      this.value = value;
      this.changedAt = owner.clock;
    }
  }

  stale() {
    for (const dependency of this.dependencies) {
      dependency.settle();
      if (dependency.changedAt > this.ranAt) return true;
    }
    return false;
  }
}

class Evaluator {
  clock = 0;
  /** @type {Cell | null} */
  reader = null;
}

/**
 * @param {import("./dynamic-plan.js").Config} config
 * @param {import("../harness/types.js").Scale} scale
 * @returns {{ sum: number, count: number }} Of every run after the first.
 */
export function reference(config, scale) {
  const plan = makePlan(config, scale);
  const owner = new Evaluator();
  const counter = { count: 0 };
  const sources = Array.from({ length: plan.width }, (_, i) => {
    const cell = new Cell(owner);
    cell.value = i;
    return cell;
  });
  let row = sources;
  for (const plannedRow of plan.rows) {
    const before = row;
    row = plannedRow.map(({ inputs, dynamic }) => {
      const cell = new Cell(owner);
      cell.fn = nodeFunction(
        inputs.map((i) => before[i]),
        dynamic,
        counter,
      );
      return cell;
    });
  }
  const leaves = plan.leaves.map((i) => row[i]);
  let sum = 0;
  const run = () => {
    counter.count = 0;
    for (let i = 0; i < plan.iterations; i++) {
      const source = sources[i % plan.width];
      const value = written(i, plan.width);
      owner.clock++;
      if (source.value !== value) {
        source.value = value;
        source.changedAt = owner.clock;
      }
      for (const leaf of leaves) leaf.read();
    }
    sum = leaves.reduce((all, leaf) => all + leaf.read(), 0);
  };
  run();
  run();
  if (counter.count < plan.iterations)
    throw new Error(`${config.name}: the writes change too little`);
  return { sum, count: counter.count };
}
