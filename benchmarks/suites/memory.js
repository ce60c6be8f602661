// @ts-check
// Bytes a thing: the kinds of the synchronous graph for every library, and async cells for those
// that have them.

import { FLOOR, REFERENCE, SUBJECT } from "../adapters/index.js";
import { median } from "../harness/measure.js";
import { weigh } from "../harness/weigh.js";
import { asyncMemoryShapes, memoryShapes } from "../shapes/memory.js";
import asyncSuite from "./async.js";
import graphSuite from "./graph.js";

/** @param {string} set */
const suiteOf = (set) =>
  asyncMemoryShapes.some((one) => one.set === set) ? asyncSuite : graphSuite;

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Memory",
  unit: "bytes each",
  digits: 0,
  shapes: [...memoryShapes, ...asyncMemoryShapes],
  libraries: [
    ...graphSuite.libraries,
    ...asyncSuite.libraries.filter((one) => one.name !== SUBJECT),
  ],
  quickLibraries: [FLOOR, SUBJECT, REFERENCE, "preact", "by hand"],
  subject: SUBJECT,
  against: [REFERENCE],
  load: (name, set) => suiteOf(set).load(name, set),
  applies: (name, set) => suiteOf(set).libraries.some((one) => one.name === name),
  measure: weigh,
  pick: median,
};
