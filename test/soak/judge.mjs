/**
 * Tells growth from noise. A series is what was measured after equally many rounds each time, when garbage had
 * been collected. It has grown when the median of its last third is above that of its first third by more
 * than is tolerated: medians do not mind a few collections that came late, nor steps that a table takes
 * when it doubles once.
 */

/** What a series may grow by: a number, and a part of its first third. Counts of what is live: by nothing. */
export const TOLERANCES = {
  rss: { by: 12 * 2 ** 20, part: 0.08 },
  heap: { by: 2 ** 19, part: 0.03 },
  external: { by: 2 ** 20, part: 0.05 },
  kernel: { by: 0, part: 0 },
  nodes: { by: 0, part: 0 },
  edges: { by: 0, part: 0 },
  effects: { by: 0, part: 0 },
  tasks: { by: 0, part: 0 },
  transactions: { by: 0, part: 0 },
  queued: { by: 0, part: 0 },
  handles: { by: 0, part: 0 },
  listeners: { by: 0, part: 0 },
};

/** A third of fewer samples than this says nothing. */
const LEAST_SAMPLES = 9;

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Judges one series.
 *
 * @param values The samples, in order.
 * @param tolerance `by`, and `part` of the first third.
 * @returns `first` and `last`, the medians of the thirds; `growth`; `allowed`; and whether it has `grown`.
 */
export function judge(values, tolerance) {
  if (values.length < LEAST_SAMPLES)
    throw new RangeError(`${values.length} samples are too few; ${LEAST_SAMPLES} are needed`);
  const third = Math.floor(values.length / 3);
  const first = median(values.slice(0, third));
  const last = median(values.slice(-third));
  const allowed = tolerance.by + tolerance.part * first;
  return { first, last, growth: last - first, allowed, grown: last - first > allowed };
}

/** Judges all series of a scenario: `samples` has one object of numbers for each time. */
export function judgeAll(samples) {
  const names = Object.keys(TOLERANCES);
  return names.map((name) => {
    const values = samples.map((sample) => sample[name]);
    return { name, ...judge(values, TOLERANCES[name]) };
  });
}
