// @ts-check
// The synchronous graph: the shapes of the public js-reactivity-benchmark and those of programs, for
// this library on both engines, its peers and the floor.

import { FLOOR, libraries, loadAdapter, REFERENCE, SUBJECTS } from "../adapters/index.js";
import { lacksDisposal } from "../adapters/lacks.js";
import { keepGraph } from "../harness/keep.js";
import { best, time } from "../harness/measure.js";
import { shapes } from "../shapes/index.js";

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Synchronous graph",
  unit: "ms",
  digits: 1,
  handles: "closures",
  shapes,
  libraries,
  quickLibraries: [FLOOR, ...SUBJECTS, REFERENCE],
  subjects: SUBJECTS,
  against: [REFERENCE, FLOOR],
  keep: keepGraph,
  load: loadAdapter,
  lacks: (library, shape) => (shape.name === "churn" ? lacksDisposal(library) : undefined),
  measure: time,
  pick: best,
};
