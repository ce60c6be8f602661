// @ts-check
// One life of the layered graph, and what each part of it has cost.

import { collect } from "../harness/measure.js";
import { timed } from "../harness/stopwatch.js";
import { buildLayers, sumOfLayers } from "./layers.js";
import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Adapter} Adapter */

/**
 * Nanoseconds an edge, milliseconds for `collect`, bytes an edge for `heap` and `kernel`.
 *
 * @typedef {Record<"build" | "update" | "dispose" | "collect" | "heap" | "kernel", number[]>} Figures
 */

/** Lives of a small graph before the one that counts: code has to be compiled. */
const WARM = 20;

/**
 * @param {Adapter} lib
 * @param {number} nodes
 * @param {number} updates How often all signals are written.
 * @param {Figures} figures
 */
function live(lib, nodes, updates, figures) {
  const edges = 2 * nodes;
  const ns = (/** @type {number} */ ms) => (ms * 1e6) / edges;
  collect();
  const before = process.memoryUsage();
  /** @type {ReturnType<typeof buildLayers> | null} */
  let graph = null;
  let dispose = () => {};
  figures.build.push(
    ns(
      timed(() => {
        const built = lib.withBuild(() => buildLayers(lib, nodes));
        graph = built.result;
        dispose = built.dispose;
      }),
    ),
  );
  const { sources, state } = /** @type {ReturnType<typeof buildLayers>} */ (
    /** @type {unknown} */ (graph)
  );
  verify(
    state.sum,
    sumOfLayers(nodes, (i) => i & 7),
    "sum of the effects after building",
  );
  collect();
  for (let u = 1; u <= updates; u++) {
    state.sum = 0;
    const write = () => {
      for (let i = 0; i < sources.length; i++) sources[i].write((i & 7) + u);
    };
    figures.update.push(ns(timed(() => lib.batch(write))));
    verify(
      state.sum,
      sumOfLayers(nodes, (i) => (i & 7) + u),
      "sum of the effects after an update",
    );
  }
  collect();
  for (let i = 0; i < 3; i++) figures.collect.push(timed(collect));
  const after = process.memoryUsage();
  figures.heap.push((after.heapUsed - before.heapUsed) / edges);
  figures.kernel.push((lib.kernelBytes?.() ?? 0) / edges);
  figures.dispose.push(
    ns(
      timed(() => {
        dispose();
        // What is released when the library next has something to do is part of it.
        lib.batch(() => sources[0].write(-1));
      }),
    ),
  );
}

/** @returns {Figures} */
const none = () => ({ build: [], update: [], dispose: [], collect: [], heap: [], kernel: [] });

/**
 * @param {Adapter} lib
 * @param {number} nodes
 * @param {import("../harness/types.js").Effort} effort
 * @returns {Promise<Figures>}
 */
export async function measureLayers(lib, nodes, effort) {
  const began = performance.now();
  const isOver = () => performance.now() - began > effort.limitMs;
  for (let i = 0; i < WARM && !isOver(); i++) live(lib, Math.min(nodes, 10_000), 3, none());
  const figures = none();
  const lives = nodes > 10_000 ? 1 : effort.repetitions;
  for (let i = 0; i < lives; i++) live(lib, nodes, 3, figures);
  return figures;
}
