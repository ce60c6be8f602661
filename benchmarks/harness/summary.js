// @ts-check
// From the figures of all rounds to medians, ratios and their means.

import { geometricMean, median } from "./measure.js";

/** @typedef {import("./types.js").Results} Results */

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {Record<string, number[] | null>} rounds By library: a figure a round, the shapes of
 *   the row added up; null where one of them has none.
 * @property {Record<string, number | null>} medians
 * @property {Record<string, string>} gaps By library: why there is no figure.
 * @property {Record<string, Record<string, number>>} ratios By the library compared with, then
 *   library.
 */

/**
 * @typedef {object} Summary
 * @property {Row[]} rows
 * @property {Record<string, Record<string, { mean: number, rows: number }>>} means Geometric means
 *   of the ratios.
 * @property {string[]} limits What libraries cannot do, or have not: a line each.
 * @property {{ library: string, shapes: string[], text: string }[]} failures
 */

/**
 * A ratio is taken within each round, where both processes ran one after the other, and the median
 * of these is shown: so it may differ a little from the quotient of the two medians.
 *
 * @param {Results} results
 * @returns {Summary}
 */
export function summarize(results) {
  const rows = gatherRows(results);
  /** @type {Summary["means"]} */
  const means = {};
  for (const base of results.against) {
    means[base] = {};
    for (const library of results.libraries) {
      const known = rows.flatMap((row) => row.ratios[base]?.[library] ?? []);
      if (known.length > 0)
        means[base][library] = { mean: geometricMean(known), rows: known.length };
    }
  }
  const limits = [...gather(results, "limit"), ...gather(results, "lacks")];
  return { rows, means, limits: limits.map((one) => one.text), failures: gather(results, "error") };
}

/**
 * One line for each reason, with all the shapes that it struck.
 *
 * @param {Results} results
 * @param {"limit" | "lacks" | "error"} field
 */
function gather(results, field) {
  return results.libraries.flatMap((library) => {
    /** @type {Map<string, string[]>} */
    const struck = new Map();
    for (const { name } of results.shapes) {
      const reason = results.cells[name][library]?.[field];
      if (reason !== undefined) struck.set(reason, [...(struck.get(reason) ?? []), name]);
    }
    return [...struck].map(([reason, shapes]) => {
      const which = shapes.length === results.shapes.length ? "all shapes" : shapes.join(", ");
      return { library, shapes, text: `${library}, ${which}: ${reason}` };
    });
  });
}

/** @param {Results} results @returns {Row[]} */
function gatherRows(results) {
  const labels = [...new Set(results.shapes.map((shape) => shape.row))];
  return labels.map((label) => {
    const measured = results.shapes.filter((shape) => shape.row === label);
    const all = measured[0].of;
    /** @type {Row} */
    const row = {
      label: measured.length < all ? `${label} (${measured.length} of ${all})` : label,
      rounds: {},
      medians: {},
      gaps: {},
      ratios: {},
    };
    for (const library of results.libraries) {
      const cells = measured.map((shape) => results.cells[shape.name][library]);
      const whole = cells.every(
        ({ error, rounds }) => error === undefined && rounds.length === results.rounds,
      );
      const sums = whole
        ? cells[0].rounds.map((_, round) =>
            cells.reduce((sum, cell) => sum + cell.rounds[round], 0),
          )
        : null;
      row.rounds[library] = sums;
      row.medians[library] = sums === null ? null : median(sums);
      if (!whole) row.gaps[library] = gapOf(cells);
    }
    for (const base of results.against) {
      const below = row.rounds[base];
      if (!below) continue;
      row.ratios[base] = {};
      for (const library of results.libraries) {
        const above = row.rounds[library];
        // Differences may come out below zero, of which no ratio can be taken.
        if (above && Math.min(...above, ...below) > 0)
          row.ratios[base][library] = median(above.map((value, i) => value / below[i]));
      }
    }
    return row;
  });
}

/** What a table says in the place of a figure. @param {import("./types.js").Cell[]} cells */
function gapOf(cells) {
  if (cells.some((cell) => cell.error !== undefined)) return "failed";
  const limit = cells.find((cell) => cell.limit !== undefined)?.limit;
  if (limit !== undefined) return limit;
  return "has none";
}
