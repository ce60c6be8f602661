// @ts-check
// The charts of the documentation, made of the figures of a run.

import { bars, stacks } from "./svg.js";

/** @typedef {import("./types.js").Report} Report */
/** @typedef {import("./types.js").Results} Results */
/** @typedef {import("./summary.js").Summary} Summary */

/** @param {Results} results @param {string} library */
const kindOf = ({ subjects }, library) =>
  library === subjects[0] ? "ours" : subjects.includes(library) ? "also" : "bar";

/** The geometric means over all shapes. @param {Results} results @param {Summary} summary */
function means(results, summary) {
  const [base] = results.against;
  const known = results.libraries.flatMap((label) => {
    const mean = summary.means[base]?.[label];
    const isPartial = mean !== undefined && mean.rows < summary.rows.length;
    if (mean === undefined) return [];
    const text = `${mean.mean.toFixed(2)}${isPartial ? ` (${mean.rows} of ${summary.rows.length})` : ""}`;
    return [{ label, value: mean.mean, text, kind: kindOf(results, label) }];
  });
  known.sort((a, b) => a.value - b.value);
  return bars(
    `${results.title}: time, geometric mean over ${summary.rows.length} shapes`,
    `${base} is 1.00; less is better`,
    known.map((one) => [one]),
    1,
    5,
  );
}

/** Ours beside the reference, shape by shape. @param {Results} results @param {Summary} summary */
function shapes(results, summary) {
  const [base] = results.against;
  const groups = summary.rows.map((row) =>
    results.subjects.flatMap((library, i) => {
      const value = row.ratios[base]?.[library] ?? null;
      const text = value === null ? row.gaps[library] : value.toFixed(2);
      return { label: i === 0 ? row.label : "", value, text, kind: kindOf(results, library) };
    }),
  );
  return bars(
    `${results.title}: ${results.subjects.join(" and ")}, shape by shape`,
    `time as a multiple of that of ${base}, the dashed line; less is better`,
    groups,
    1,
    4,
  );
}

/** Every row of a suite, all libraries. @param {Results} results @param {Summary} summary */
function figures(results, summary) {
  const all = summary.rows.flatMap((row) => Object.values(row.medians).map((value) => value ?? 0));
  const groups = summary.rows.map((row) =>
    results.libraries.flatMap((library) => {
      const value = row.medians[library] ?? null;
      if (value === null) return [];
      const text = `${library} ${value.toFixed(results.digits)}`;
      return [{ label: "", value, text, kind: kindOf(results, library), row: row.label }];
    }),
  );
  for (const group of groups) if (group[0]) group[0].label = group[0].row;
  return bars(results.title, `${results.unit}; less is better`, groups, 0, Math.max(...all));
}

/** Where the time of one small flush goes. @param {Results} results @param {Summary} summary */
function flush(results, summary) {
  /** @param {string} name @param {string} library */
  const cost = (name, library) => {
    const label = results.shapes.find((one) => one.name === name)?.row;
    return summary.rows.find((row) => row.label === label)?.medians[library] ?? 0;
  };
  const lines = results.subjects.map((library) => {
    const whole = cost("flush", library);
    const write = cost("empty-batch", library) + cost("write", library);
    const run = cost("effect", library);
    const rest = Math.max(0, whole - write - run);
    return {
      label: library,
      parts: [write, run, rest],
      text: `${whole.toFixed(0)} ns`,
    };
  });
  return stacks(
    "A batch with one write that makes one effect run",
    "nanoseconds; the rest is what a flush does once, however many effects there are",
    ["batch and write", "the effect", "the rest of the flush"],
    lines,
  );
}

/** @type {Record<string, [string, (results: Results, summary: Summary) => string][]>} */
const drawings = {
  graph: [
    ["graph-means.svg", means],
    ["graph-shapes.svg", shapes],
  ],
  async: [["async.svg", figures]],
  memory: [["memory.svg", figures]],
  costs: [["flush.svg", flush]],
};

/**
 * @param {Report} record
 * @param {Summary[]} summaries One for each of its suites.
 * @returns {[name: string, svg: string][]}
 */
export function charts(record, summaries) {
  return record.suites.flatMap((results, i) =>
    (drawings[results.suite] ?? []).map(
      ([name, draw]) => /** @type {[string, string]} */ ([name, draw(results, summaries[i])]),
    ),
  );
}
