// @ts-check
// From the figures of all rounds to Markdown: every row of every library, losses and wins in the
// same table.

import { geometricMean, median } from "./measure.js";

/** @typedef {import("./types.js").Suite} Suite */
/** @typedef {import("./types.js").Results} Results */

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {Record<string, number[] | null>} rounds By library: a figure a round, the shapes of
 *   the row added up; null where one of them has none.
 * @property {Record<string, number | null>} medians
 * @property {Record<string, Record<string, number>>} ratios By the library compared with, then
 *   library.
 */

/**
 * @typedef {object} Summary
 * @property {Row[]} rows
 * @property {Record<string, Record<string, { mean: number, rows: number }>>} means Geometric means
 *   of the ratios.
 * @property {{ library: string, shapes: string[], text: string }[]} failures
 */

/**
 * A ratio is taken within each round, where both processes ran one after the other, and the median
 * of these is shown: so it may differ a little from the quotient of the two medians.
 *
 * @param {Suite} suite
 * @param {Results} results
 * @returns {Summary}
 */
export function summarize(suite, results) {
  const rows = gatherRows(suite, results);
  /** @type {Summary["means"]} */
  const means = {};
  for (const base of suite.against) {
    means[base] = {};
    for (const library of results.libraries) {
      const known = rows.flatMap((row) => row.ratios[base]?.[library] ?? []);
      if (known.length > 0)
        means[base][library] = { mean: geometricMean(known), rows: known.length };
    }
  }
  return { rows, means, failures: gatherFailures(results) };
}

/** One line for each reason, with all the shapes that it struck. @param {Results} results */
function gatherFailures(results) {
  return results.libraries.flatMap((library) => {
    /** @type {Map<string, string[]>} */
    const struck = new Map();
    for (const shape of results.shapes) {
      const error = results.cells[shape][library]?.error;
      if (error !== undefined) struck.set(error, [...(struck.get(error) ?? []), shape]);
    }
    return [...struck].map(([error, shapes]) => {
      const which = shapes.length === results.shapes.length ? "all shapes" : shapes.join(", ");
      return { library, shapes, text: `${library}, ${which}: ${error}` };
    });
  });
}

/** @param {Suite} suite @param {Results} results @returns {Row[]} */
function gatherRows(suite, results) {
  const labels = [...new Set(suite.shapes.map((shape) => shape.row))];
  return labels.flatMap((label) => {
    const all = suite.shapes.filter((shape) => shape.row === label);
    const measured = all.filter((shape) => results.shapes.includes(shape.name));
    if (measured.length === 0) return [];
    /** @type {Row} */
    const row = {
      label:
        measured.length < all.length ? `${label} (${measured.length} of ${all.length})` : label,
      rounds: {},
      medians: {},
      ratios: {},
    };
    for (const library of results.libraries) {
      const cells = measured.map((shape) => results.cells[shape.name][library]);
      const whole = cells.every(
        (cell) => cell?.error === undefined && cell?.rounds.length === results.rounds,
      );
      const sums = whole
        ? cells[0].rounds.map((_, round) =>
            cells.reduce((sum, cell) => sum + cell.rounds[round], 0),
          )
        : null;
      row.rounds[library] = sums;
      row.medians[library] = sums === null ? null : median(sums);
    }
    for (const base of suite.against) {
      const below = row.rounds[base];
      if (!below) continue;
      row.ratios[base] = {};
      for (const library of results.libraries) {
        const above = row.rounds[library];
        if (above) row.ratios[base][library] = median(above.map((value, i) => value / below[i]));
      }
    }
    return [row];
  });
}

/** @param {string[]} header @param {string[][]} body */
function table(header, body) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, i) => (i === 0 ? "---" : "---:"));
  return [header, rule, ...body].map(line).join("\n");
}

/** @param {import("./machine.js").Machine} machine */
const describe = ({ cpu, cores, memoryGiB, system, node, v8, date, load }) =>
  `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node ${node}, V8 ${v8}; ${date} UTC; load ${load}`;

/** @param {Suite} suite @param {Results} results @param {Summary} summary */
export function report(suite, results, summary) {
  const { machine, effort, scale } = results;
  const parts = [
    `# ${suite.title}`,
    `${describe(machine)}.`,
    `Versions: ${results.libraries.map((name) => `${name} ${results.versions[name]}`).join(", ")}.`,
    `Mode ${scale.mode}: rounds ${results.rounds}, in each of them a process for each library and set; ` +
      `runs that count in each process ${effort.repetitions}; handles wrapped by ${scale.handles}; ` +
      `${results.seconds} s in all.`,
  ];
  if (scale.mode === "check") {
    const checked = results.shapes.flatMap((shape) => Object.values(results.cells[shape])).length;
    const failed = summary.failures.reduce((sum, one) => sum + one.shapes.length, 0);
    parts.push(`${checked - failed} passed, ${failed} failed`);
  } else {
    if (machine.load > machine.cores) {
      parts.push(
        "**The machine was busy with other work: these figures are not to be relied on.**",
      );
    }
    parts.push(figures(suite, results, summary));
    for (const base of suite.against) {
      if (summary.means[base]?.[base]) parts.push(ratioTable(results, summary, base));
    }
    parts.push(...winsAndLosses(suite, summary));
  }
  if (summary.failures.length > 0) {
    parts.push("## Failures", summary.failures.map((one) => `* ${one.text}`).join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** @param {Suite} suite @param {Results} results @param {Summary} summary */
function figures(suite, results, summary) {
  const body = summary.rows.map((row) => [
    row.label,
    ...results.libraries.map((name) => row.medians[name]?.toFixed(suite.digits) ?? "-"),
  ]);
  const title = `## Figures (${suite.unit}, less is better; median of ${results.rounds} rounds)`;
  return `${title}\n\n${table(["shape", ...results.libraries], body)}`;
}

/** @param {Results} results @param {Summary} summary @param {string} base */
function ratioTable(results, summary, base) {
  const body = summary.rows.map((row) => [
    row.label,
    ...results.libraries.map((name) => row.ratios[base]?.[name]?.toFixed(2) ?? "-"),
  ]);
  const means = results.libraries.map((name) => {
    const mean = summary.means[base][name];
    if (mean === undefined) return "-";
    const partial = mean.rows < summary.rows.length ? ` (${mean.rows} rows)` : "";
    return `**${mean.mean.toFixed(2)}**${partial}`;
  });
  body.push(["**geometric mean**", ...means]);
  const title = `## Ratio to ${base} (1.00 is the same, less is better)`;
  return `${title}\n\n${table(["shape", ...results.libraries], body)}`;
}

/** @param {Suite} suite @param {Summary} summary */
function winsAndLosses(suite, summary) {
  const base = suite.against[0];
  const known = summary.rows.flatMap((row) => {
    const ratio = row.ratios[base]?.[suite.subject];
    return ratio === undefined ? [] : [{ label: row.label, ratio }];
  });
  if (known.length === 0) return [];
  known.sort((a, b) => b.ratio - a.ratio);
  /** @param {typeof known} some */
  const names = (some) =>
    some.map((one) => `${one.label} ${one.ratio.toFixed(2)}`).join(", ") || "none";
  const losses = known.filter((one) => one.ratio > 1);
  const wins = known.filter((one) => one.ratio <= 1);
  return [
    `Rows where ${suite.subject} loses to ${base}: ${losses.length} of ${known.length}. ${names(losses)}.`,
    `Rows where it does not: ${wins.length}. ${names(wins)}.`,
  ];
}
