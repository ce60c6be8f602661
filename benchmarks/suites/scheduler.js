// @ts-check
// Background work in slices: this library with several budgets, and with none.

import { configureScheduler } from "@signal-kernel/core";
import { collect } from "../harness/measure.js";
import { schedulerShapes } from "../shapes/scheduler.js";

/** What comes closest to a library here: a setting. */
const budgets = new Map([
  ["no budget", Number.POSITIVE_INFINITY],
  ["4 ms", 4],
  ["8 ms", 8],
]);
const names = [...budgets.keys()];

/**
 * The figures of the flushes that count, after some that do not.
 *
 * @type {import("../harness/types.js").Suite["measure"]}
 */
async function measure(lib, shape, scale, expected, effort) {
  const instance = shape.build(lib, scale, expected);
  const warmUntil = performance.now() + effort.warmupMs;
  for (let i = 0; i < 2 || performance.now() < warmUntil; i++) await instance.run();
  const runs = [];
  for (let i = 0; i < effort.repetitions; i++) {
    collect();
    runs.push(await instance.run());
  }
  instance.release();
  return runs;
}

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Background work in slices",
  unit: "ms, and ratios",
  digits: 2,
  shapes: schedulerShapes,
  libraries: names.map((name) => ({ name, package: "@signal-kernel/core" })),
  quickLibraries: ["no budget", "4 ms"],
  rounds: { full: 5, quick: 1 },
  subjects: ["4 ms"],
  against: [],
  async load(name) {
    const budgetMs = /** @type {number} */ (budgets.get(name));
    configureScheduler({ budgetMs });
    return { budgetMs };
  },
  // Without a budget there is nothing that a block could be compared with.
  lacks: (name, { set }) => (name === "no budget" && set === "ratio" ? "has no budget" : undefined),
  measure,
  // The worst of a process, not the best: it is what somebody waits for.
  pick: (runs) => Math.max(...runs),
};
