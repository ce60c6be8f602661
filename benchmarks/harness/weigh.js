// @ts-check

import { collect } from "./measure.js";

/**
 * Heap and buffers outside of it; typed arrays count, what an addon allocates behind V8's back does
 * not.
 */
function bytesInUse() {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Bytes for each thing made, in each repetition.
 *
 * @type {import("./types.js").Suite["measure"]}
 */
export async function weigh(lib, shape, scale, expected, effort) {
  const runs = [];
  // The first repetition also pays for compiled code, and does not count.
  for (let i = -1; i < effort.repetitions; i++) {
    const { result, dispose } = lib.withBuild(() => {
      const instance = /** @type {any} */ (shape.build(lib, scale, expected));
      const kept = new Array(instance.count).fill(null);
      const before = bytesInUse();
      for (let n = 0; n < kept.length; n++) kept[n] = instance.make(n);
      return { instance, kept, before };
    });
    const after = bytesInUse();
    result.instance.check();
    if (i >= 0) runs.push((after - result.before) / result.kept.length);
    dispose();
  }
  return runs;
}
