// @ts-check
// A graph of any size with two edges for each node: a tenth of the nodes are signals, eight tenths are
// computeds in eight layers, each over two neighbours of the layer before, a tenth are effects over four
// of the last layer.

/** @param {import("../harness/types.js").Scale} scale @param {"small" | "large"} set */
export function sizeOf(scale, set) {
  if (set === "small") return scale.mode === "check" ? 1_000 : 10_000;
  return { full: 1_000_000, quick: 100_000, check: 2_000 }[scale.mode];
}

const LAYERS = 8;

/**
 * @param {import("../harness/types.js").Adapter} lib
 * @param {number} nodes
 */
export function buildLayers(lib, nodes) {
  const width = nodes / 10;
  const state = { sum: 0 };
  const sources = new Array(width);
  for (let i = 0; i < width; i++) sources[i] = lib.signal(i & 7);
  let layer = sources;
  for (let l = 0; l < LAYERS; l++) {
    const next = new Array(width);
    for (let i = 0; i < width; i++) {
      const a = layer[i];
      const b = layer[i + 1 === width ? 0 : i + 1];
      next[i] = lib.computed(() => (a.read() + b.read()) & 0xffff);
    }
    layer = next;
  }
  const last = layer;
  for (let i = 0; i < width; i++) {
    const a = last[i];
    const b = last[(i + 1) % width];
    const c = last[(i + 2) % width];
    const d = last[(i + 3) % width];
    lib.effect(() => {
      state.sum += a.read() + b.read() + c.read() + d.read();
    });
  }
  return { sources, state };
}

/** What the effects of the graph add up to, with no library. @param {number} nodes @param {(i: number) => number} value */
export function sumOfLayers(nodes, value) {
  const width = nodes / 10;
  let layer = Array.from({ length: width }, (_, i) => value(i));
  for (let l = 0; l < LAYERS; l++) {
    const before = layer;
    layer = before.map((own, i) => (own + before[(i + 1) % width]) & 0xffff);
  }
  return 4 * layer.reduce((sum, one) => sum + one, 0);
}
