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
 * Makes `count` things under an owner, and tells what they weigh and how to let go of them.
 *
 * @param {any} lib
 * @param {any} instance
 * @param {number} count
 */
function make(lib, instance, count) {
  const kept = new Array(count).fill(null);
  const before = bytesInUse();
  // Some libraries run new effects only when the owner is complete: the weight is taken after.
  const { dispose } = lib.withBuild(() => {
    for (let i = 0; i < count; i++) kept[i] = instance.make(i);
  });
  const bytes = bytesInUse() - before;
  return { bytes, dispose, kept };
}

/**
 * Bytes for each thing made. One figure a process: what a library keeps for reuse when things are
 * disposed would make a second one too small.
 *
 * @type {import("./types.js").Suite["measure"]}
 */
export async function weigh(lib, shape, scale, expected, _effort) {
  const { result: trial } = lib.withBuild(() => shape.build(lib, scale, expected));
  // Compiled code is not what is weighed.
  make(lib, trial, 200).dispose();
  const { result: instance } = lib.withBuild(() => shape.build(lib, scale, expected));
  const made = make(lib, instance, instance.count);
  instance.check();
  made.dispose();
  return [made.bytes / made.kept.length];
}
