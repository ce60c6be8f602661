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

/** Asking how long was waited takes a fraction of this, in milliseconds; what takes longer has waited meanwhile. */
const ASKING = 0.2;

/** A moment, and how long was waited before it. @returns {{ time: number, wait: number }} */
function moment() {
  for (;;) {
    const before = waited();
    const time = performance.now();
    // The thread may lose the processor between the two: neither belongs to the other then.
    if (waited() === before) return { time, wait: before };
  }
}

/**
 * Starts a stopwatch.
 *
 * @returns {() => number} Milliseconds since then, less those of waiting for a processor.
 */
export function stopwatch() {
  const start = moment();
  return () => {
    const time = performance.now();
    const wait = waited();
    // What was waited after the end is not part of it.
    const asking = performance.now() - time;
    const after = asking > ASKING ? asking : 0;
    const elapsed = time - start.time;
    const own = elapsed - (wait - start.wait - after);
    return own > 0 ? Math.min(own, elapsed) : elapsed;
  };
}

/** Milliseconds that some work takes. @param {() => void} work */
export function timed(work) {
  const elapsed = stopwatch();
  work();
  return elapsed();
}
