// @ts-check
// What a request costs, and what many of them leave behind.

import { collect } from "../harness/measure.js";
import { stopwatch } from "../harness/stopwatch.js";
import { verify } from "./verify.js";

/**
 * Answers a request: what twenty promises come to, as text.
 *
 * @typedef {(load: (i: number) => Promise<{ id: number, name: string }>) => Promise<string>} Handler
 */

/**
 * Microseconds, and megabytes that the process has grown by.
 *
 * @typedef {Record<"median" | "p99" | "growth", number>} Figures
 */

export const RESOURCES = 20;

/** @param {Handler} handle @param {number} count @returns {Promise<Figures>} */
export async function serve(handle, count) {
  const load = async (/** @type {number} */ i) => ({ id: i, name: `resource ${i}` });
  const warm = Math.min(count, 2_000);
  for (let i = 0; i < warm; i++) await handle(load);
  collect();
  const before = process.memoryUsage.rss();
  const times = new Float64Array(count);
  let text = "";
  for (let i = 0; i < count; i++) {
    const elapsed = stopwatch();
    text = await handle(load);
    times[i] = elapsed() * 1000;
  }
  collect();
  const growth = (process.memoryUsage.rss() - before) / 1e6;
  const names = [...text.matchAll(/"name":"resource (\d+)"/g)].map(([, i]) => Number(i));
  verify(names.join(), Array.from({ length: RESOURCES }, (_, i) => i).join(), "resources");
  times.sort();
  return { median: times[count >> 1], p99: times[Math.floor(count * 0.99)], growth };
}
