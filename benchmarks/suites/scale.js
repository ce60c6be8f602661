// @ts-check
// The same graph with 10,000 nodes and with a million: does a node or an edge cost more when there are
// many, and what does the graph cost the garbage collector as long as it is alive? A process measures all
// of one size in one go, and hands the figures out one by one.

import { FLOOR, libraries, loadAdapter, REFERENCE, SUBJECTS } from "../adapters/index.js";
import { lacksDisposal } from "../adapters/lacks.js";
import { keepGraph } from "../harness/keep.js";
import { median } from "../harness/measure.js";
import { sizeOf } from "../shapes/layers.js";
import { measureLayers } from "../shapes/layers-run.js";

/** @typedef {import("../shapes/layers-run.js").Figures} Figures */

/**
 * @param {string} name
 * @param {string} row
 * @param {"small" | "large"} set
 * @param {keyof Figures} figure
 */
const shape = (name, row, set, figure) => ({ name, row, set, build: () => figure });

const shapes = [
  shape("build-small", "build, small", "small", "build"),
  shape("build-large", "build, large", "large", "build"),
  shape("update-small", "update all, small", "small", "update"),
  shape("update-large", "update all, large", "large", "update"),
  shape("dispose-small", "dispose, small", "small", "dispose"),
  shape("dispose-large", "dispose, large", "large", "dispose"),
  shape("collect-large", "full collection, large (ms)", "large", "collect"),
  shape("heap-large", "heap, large (bytes an edge)", "large", "heap"),
  shape("kernel-large", "kernel memory, large (bytes an edge)", "large", "kernel"),
];

/** @type {Map<string, Promise<Figures>>} */
const measured = new Map();

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Scale: small is 10,000 nodes and 20,000 edges, large a million and two (quick: 100,000)",
  unit: "ns an edge",
  digits: 1,
  shapes,
  libraries,
  quickLibraries: [FLOOR, ...SUBJECTS, REFERENCE],
  rounds: { full: 3, quick: 1 },
  execArgv: ["--max-old-space-size=8192"],
  subjects: SUBJECTS,
  against: [REFERENCE],
  keep: keepGraph,
  load: loadAdapter,
  lacks(library, { name }) {
    if (name.startsWith("dispose")) return lacksDisposal(library);
    return name.startsWith("kernel") && !SUBJECTS.includes(library) ? "has no kernel" : undefined;
  },
  async measure(lib, { set, build }, scale, _expected, effort) {
    const size = sizeOf(scale, /** @type {"small" | "large"} */ (set));
    const key = `${set} ${size}`;
    if (!measured.has(key)) measured.set(key, measureLayers(lib, size, effort));
    const figures = await measured.get(key);
    return /** @type {any} */ (figures)[build(lib, scale, undefined)];
  },
  pick: median,
};
