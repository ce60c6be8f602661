// @ts-check
// What was counted beside what was recorded.

/** @typedef {Record<string, number>} Counts */

/**
 * @param {Counts} counts
 * @param {Counts | undefined} recorded
 * @param {number} tolerance The part by which a count may have grown.
 * @returns {{ lines: string[], worse: string[] }} A table, and what is more than it may be, or was
 *   recorded and is not counted any more.
 */
export function compare(counts, recorded, tolerance) {
  const names = [...new Set([...Object.keys(counts), ...Object.keys(recorded ?? {})])];
  const wide = Math.max(...names.map((name) => name.length));
  /** @type {string[]} */
  const worse = [];
  const lines = names.map((name) => {
    const now = counts[name];
    const before = recorded?.[name];
    const start = `  ${name.padEnd(wide)} ${String(now ?? "-").padStart(10)}`;
    if (recorded === undefined) return start;
    if (now === undefined) {
      worse.push(name);
      return `${start}  is not counted any more`;
    }
    if (before === undefined) {
      worse.push(name);
      return `${start}  is not recorded`;
    }
    if (now === before) return start;
    const change = `${start}  recorded ${before}`;
    if (now > before * (1 + tolerance)) {
      worse.push(name);
      return `${change}, ${percent(now, before)} MORE`;
    }
    if (now < before * (1 - tolerance))
      return `${change}, ${percent(before - now, before, 0)} less: record it`;
    return `${change}, within the tolerance`;
  });
  return { lines, worse };
}

/** @param {number} now @param {number} before @param {number} [from] */
const percent = (now, before, from = before) =>
  before === 0 ? `${now}` : `${(((now - from) / before) * 100).toFixed(1)} %`;
