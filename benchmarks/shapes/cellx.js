// @ts-check
// The cellx family: layers of four computeds, each reading its neighbours of the layer before, an
// effect on every one. Building the fresh graph, the first read of it and its first flush are all
// timed; a timed run does so ten times at full scale.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */
/** @typedef {[number, number, number, number]} Four */

/**
 * The values of the last layer by arithmetic alone.
 *
 * @param {Four} start
 * @param {number} layers
 * @returns {Four}
 */
function closedForm(start, layers) {
  let [a, b, c, d] = start;
  for (let i = 0; i < layers; i++) [a, b, c, d] = [b, a - c, b + d, c];
  return [a, b, c, d];
}

/** @param {import("../harness/types.js").Adapter} lib @param {number} layers */
function build(lib, layers) {
  const start = [lib.signal(1), lib.signal(2), lib.signal(3), lib.signal(4)];
  /** @type {import("../harness/types.js").Readable<number>[]} */
  let layer = start;
  for (let i = 0; i < layers; i++) {
    const [a, b, c, d] = layer;
    const next = [
      lib.computed(() => b.read()),
      lib.computed(() => a.read() - c.read()),
      lib.computed(() => b.read() + d.read()),
      lib.computed(() => c.read()),
    ];
    for (const node of next) {
      lib.effect(() => {
        node.read();
      });
    }
    for (const node of next) node.read();
    layer = next;
  }
  return { start, end: layer };
}

/** @param {number} fullLayers @returns {Shape} */
function cellx(fullLayers) {
  return {
    name: `cellx-${fullLayers}`,
    set: "cellx",
    row: `cellx ${fullLayers}`,
    build(lib, scale) {
      const layers = scale.mode === "check" ? fullLayers / 50 : fullLayers;
      const passes = { full: 10, quick: 2, check: 1 }[scale.mode];
      const before = closedForm([1, 2, 3, 4], layers);
      const after = closedForm([4, 3, 2, 1], layers);
      /** @type {(() => void)[]} */
      let disposers = [];
      const pass = () => {
        const { result: graph, dispose } = lib.withBuild(() => build(lib, layers));
        disposers.push(dispose);
        const { start, end } = graph;
        for (let i = 0; i < 4; i++) verify(end[i].read(), before[i], "cellx before the write");
        lib.batch(() => {
          for (let i = 0; i < 4; i++) start[i].write(4 - i);
        });
        for (let i = 0; i < 4; i++) verify(end[i].read(), after[i], "cellx after the write");
      };
      return {
        run() {
          for (let i = 0; i < passes; i++) pass();
        },
        release() {
          for (const dispose of disposers) dispose();
          disposers = [];
        },
      };
    },
  };
}

/** @type {Shape[]} */
export const cellxShapes = [cellx(1000), cellx(2500)];
