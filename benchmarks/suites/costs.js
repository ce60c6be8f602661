// @ts-check
// The cost model: what one read, write, edge, node, crossing costs. Most figures are differences - what a
// thousand more of something add - so that what goes along with it does not count.

import { libraries, loadAdapter, REFERENCE, SUBJECTS } from "../adapters/index.js";
import { keepGraph } from "../harness/keep.js";
import { best, collect } from "../harness/measure.js";
import { timed } from "../harness/stopwatch.js";
import { costShapes } from "../shapes/costs.js";

const compared = [...SUBJECTS, REFERENCE, "preact"];

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Cost model",
  unit: "ns",
  digits: 1,
  shapes: costShapes,
  libraries: libraries.filter((one) => compared.includes(one.name)),
  quickLibraries: compared,
  rounds: { full: 5, quick: 1 },
  subjects: SUBJECTS,
  against: [REFERENCE],
  keep: keepGraph,
  load: loadAdapter,
  lacks: (library, { set }) =>
    set === "crossing" && !SUBJECTS.includes(library) ? "has no kernel" : undefined,
  async measure(lib, shape, scale, expected, effort) {
    const { result: cost, dispose } = lib.withBuild(() => shape.build(lib, scale, expected));
    const { whole, less, operations } = cost;
    const warmUntil = performance.now() + effort.warmupMs;
    do {
      whole();
      less?.();
    } while (performance.now() < warmUntil);
    // The difference of the best of both: noise can only have made either larger.
    let most = Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3 * effort.repetitions; i++) {
      collect();
      most = Math.min(most, timed(whole));
      least = Math.min(least, less === null ? 0 : timed(less));
    }
    cost.check?.();
    dispose();
    return [((most - least) * 1e6) / operations];
  },
  pick: best,
};
