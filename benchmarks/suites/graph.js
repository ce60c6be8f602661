// @ts-check
// The synchronous graph: the shapes of the public js-reactivity-benchmark, this library, its peers,
// the floor.

import { FLOOR, libraries, loadAdapter, REFERENCE, SUBJECT } from "../adapters/index.js";
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
  quickLibraries: [FLOOR, SUBJECT, REFERENCE, "preact"],
  subject: SUBJECT,
  against: [REFERENCE, FLOOR],
  load: loadAdapter,
  applies: () => true,
  measure: time,
  pick: best,
};
