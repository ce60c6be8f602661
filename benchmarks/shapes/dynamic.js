// @ts-check
// The dynamic family: layered graphs from ten nodes to twelve thousand, in which some computeds
// choose what they read by what they read before. `6-10x10 dyn25% lazy80%` has ten layers of ten
// nodes that read six each, a quarter of the computeds dynamic, and four fifths of the last layer
// never read. The leaves that are read have an effect each, and are read from outside after each
// write as well.

import { makePlan, nodeFunction, written } from "./dynamic-plan.js";
import { reference } from "./dynamic-reference.js";
import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */

/** @type {import("./dynamic-plan.js").Config[]} */
const configs = [
  {
    name: "2-10x5",
    row: "2-10x5 lazy80%",
    width: 10,
    layers: 5,
    sources: 2,
    staticFraction: 1,
    readFraction: 0.2,
    iterations: 600_000,
    quick: 30_000,
  },
  {
    name: "6-10x10",
    row: "6-10x10 dyn25% lazy80%",
    width: 10,
    layers: 10,
    sources: 6,
    staticFraction: 0.75,
    readFraction: 0.2,
    iterations: 15_000,
    quick: 2_500,
  },
  {
    name: "4-1000x12",
    row: "4-1000x12 dyn5%",
    width: 1000,
    layers: 12,
    sources: 4,
    staticFraction: 0.95,
    readFraction: 1,
    iterations: 7_000,
    quick: 1_500,
  },
  {
    name: "25-1000x5",
    row: "25-1000x5",
    width: 1000,
    layers: 5,
    sources: 25,
    staticFraction: 1,
    readFraction: 1,
    iterations: 3_000,
    quick: 1_500,
  },
  {
    name: "3-5x500",
    row: "3-5x500",
    width: 5,
    layers: 500,
    sources: 3,
    staticFraction: 1,
    readFraction: 1,
    iterations: 500,
    quick: 100,
  },
  {
    name: "6-100x15",
    row: "6-100x15 dyn50%",
    width: 100,
    layers: 15,
    sources: 6,
    staticFraction: 0.5,
    readFraction: 1,
    iterations: 2_000,
    quick: 250,
  },
];

/** @param {import("./dynamic-plan.js").Config} config @returns {Shape} */
function dynamicShape(config) {
  return {
    name: config.name,
    set: "dynamic",
    row: config.row,
    expect: (scale) => reference(config, scale),
    build(lib, scale, expected) {
      const plan = makePlan(config, scale);
      const counter = { count: 0 };
      const sources = Array.from({ length: plan.width }, (_, i) => lib.signal(i));
      /** @type {import("../harness/types.js").Readable<number>[]} */
      let row = sources;
      for (const plannedRow of plan.rows) {
        const before = row;
        row = plannedRow.map(({ inputs, dynamic }) => {
          const read = inputs.map((i) => before[i]);
          return lib.computed(nodeFunction(read, dynamic, counter), dynamic ? read : undefined);
        });
      }
      const leaves = plan.leaves.map((i) => row[i]);
      for (const leaf of leaves) {
        lib.effect(() => {
          leaf.read();
        });
      }
      let first = true;
      return {
        run() {
          counter.count = 0;
          for (let i = 0; i < plan.iterations; i++) {
            lib.batch(() => sources[i % plan.width].write(written(i, plan.width)));
            for (const leaf of leaves) leaf.read();
          }
          const sum = leaves.reduce((all, leaf) => all + leaf.read(), 0);
          verify(sum, expected.sum, `${config.name}: sum of the leaves`);
          // The first run also evaluates the fresh graph, so its count is its own.
          if (!first) {
            const { count } = counter;
            const right = lib.exactCounts ? count === expected.count : count >= expected.count;
            verify(right, true, `${config.name}: ${count} runs of computeds for ${expected.count}`);
          }
          first = false;
        },
      };
    },
  };
}

/** @type {Shape[]} */
export const dynamic = configs.map(dynamicShape);
