// @ts-check
// Bytes a thing: the kinds of the synchronous graph for every library, and async cells for those
// that have them.

import { REFERENCE, SUBJECTS } from "../adapters/index.js";
import { median } from "../harness/measure.js";
import { weigh } from "../harness/weigh.js";
import { asyncMemoryShapes, memoryShapes } from "../shapes/memory.js";
import asyncSuite, { BY_HAND } from "./async.js";
import graphSuite from "./graph.js";

/** @param {string} set */
const isAsync = (set) => asyncMemoryShapes.some((one) => one.set === set);

/** @param {import("../harness/types.js").Suite} suite @param {string} name */
const has = (suite, name) => suite.libraries.some((one) => one.name === name);

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Memory",
  unit: "bytes each",
  digits: 0,
  shapes: [...memoryShapes, ...asyncMemoryShapes],
  libraries: [
    ...graphSuite.libraries,
    ...asyncSuite.libraries.filter((one) => !has(graphSuite, one.name)),
  ],
  quickLibraries: [...SUBJECTS, REFERENCE, BY_HAND],
  rounds: { full: 3, quick: 1 },
  subjects: SUBJECTS,
  against: [REFERENCE],
  load: (name, set) => (isAsync(set) ? asyncSuite : graphSuite).load(name, set),
  lacks(name, { set }) {
    if (isAsync(set)) return has(asyncSuite, name) ? undefined : "has no async cells";
    if (!has(graphSuite, name)) return "has no graph";
    return undefined;
  },
  measure: weigh,
  pick: median,
};
