// @ts-check
// What one process does with one shape: build, warm up, measure, and let go.

import { stopwatch } from "./stopwatch.js";

/** @typedef {import("./types.js").Instance} Instance */

/** A full collection, so that no run pays for the garbage of the one before. */
export function collect() {
  const gc = globalThis.gc;
  if (gc === undefined) throw new Error("run with --expose-gc");
  gc();
}

/** @param {Instance} instance */
async function runOnce(instance) {
  instance.prepare?.();
  collect();
  const elapsed = stopwatch();
  const pending = instance.run();
  // Awaiting what is no promise would add a turn of the microtask queue to the synchronous shapes.
  if (pending instanceof Promise) await pending;
  const time = elapsed();
  instance.release?.();
  return time;
}

/**
 * Milliseconds of each run that counts; nanoseconds an operation where the instance says how many
 * it makes.
 *
 * @type {import("./types.js").Suite["measure"]}
 */
export async function time(lib, shape, scale, expected, effort) {
  const began = performance.now();
  const isOver = () => performance.now() - began > effort.limitMs;
  const { result: instance, dispose } = lib.withBuild(() => shape.build(lib, scale, expected));
  const { operations } = instance;
  // Twice at least: the second run of a shape starts where all later ones start.
  const warmUntil = performance.now() + effort.warmupMs;
  for (let i = 0; (i < 2 && !isOver()) || performance.now() < warmUntil; i++)
    await runOnce(instance);
  const runs = [];
  while (runs.length === 0 || (runs.length < effort.repetitions && !isOver())) {
    const elapsed = await runOnce(instance);
    runs.push(operations === undefined ? elapsed : (elapsed * 1e6) / operations);
  }
  dispose();
  return runs;
}

/** The figure that noise can only have made larger. @param {number[]} runs */
export const best = (runs) => Math.min(...runs);

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values */
export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
