// @ts-check
// Time that is ours. On a machine that is shared, a thread may be ready and wait for a processor that
// another process has; Linux counts that wait, exactly, and here it does not count.

import { existsSync, readFileSync } from "node:fs";

const STATISTICS = `/proc/self/task/${process.pid}/schedstat`;
const hasStatistics = existsSync(STATISTICS);

/** For how many milliseconds the main thread has waited for a processor so far; elsewhere than on Linux 0. */
export function waited() {
  if (!hasStatistics) return 0;
  return Number(readFileSync(STATISTICS, "utf8").split(" ")[1]) / 1e6;
}

/**
 * Starts a stopwatch.
 *
 * @returns {() => number} Milliseconds since then, less those of waiting for a processor.
 */
export function stopwatch() {
  const before = waited();
  const start = performance.now();
  return () => {
    const elapsed = performance.now() - start;
    return elapsed - (waited() - before);
  };
}

/** Milliseconds that some work takes. @param {() => void} work */
export function timed(work) {
  const elapsed = stopwatch();
  work();
  return elapsed();
}
