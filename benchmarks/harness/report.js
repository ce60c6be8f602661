// @ts-check
// The Markdown of a run: every row of every library, losses and wins in the same table.

/** @typedef {import("./types.js").Results} Results */
/** @typedef {import("./summary.js").Summary} Summary */

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

/** @param {import("./types.js").Report} record @param {Summary[]} summaries One for each of its suites. */
export function report(record, summaries) {
  const { machine, suites } = record;
  const parts = ["# Benchmarks", `${describe(machine)}.`];
  if (machine.load > machine.cores)
    parts.push("**The machine was busy with other work: these figures are not to be relied on.**");
  suites.forEach((results, i) => {
    parts.push(...section(results, summaries[i]));
  });
  return `${parts.join("\n\n")}\n`;
}

/** @param {Results} results @param {Summary} summary */
function section(results, summary) {
  const { effort, scale, libraries } = results;
  const parts = [
    `## ${results.title}`,
    `Versions: ${libraries.map((name) => `${name} ${results.versions[name]}`).join(", ")}. ` +
      `Mode ${scale.mode}: rounds ${results.rounds}, in each of them a process for each library and set; ` +
      `at most ${effort.repetitions} runs that count in each process; handles wrapped by ` +
      `${scale.handles}; ${results.flags.map((flag) => `${flag}; `).join("")}${results.seconds} s in all.`,
  ];
  if (scale.mode === "check") {
    const cells = results.shapes.flatMap((shape) => Object.values(results.cells[shape.name]));
    const failed = cells.filter((cell) => cell.error !== undefined).length;
    const passed = cells.filter((cell) => cell.rounds.length > 0).length;
    parts.push(`${passed} passed, ${failed} failed`);
  } else {
    parts.push(figures(results, summary));
    for (const base of results.against)
      if (summary.means[base]?.[base]) parts.push(ratioTable(results, summary, base));
    for (const subject of results.subjects) parts.push(...winsAndLosses(results, summary, subject));
  }
  if (summary.limits.length > 0)
    parts.push(["Not measured:", "", ...summary.limits.map((one) => `* ${one}`)].join("\n"));
  if (summary.failures.length > 0)
    parts.push(["**Failures**:", "", ...summary.failures.map((one) => `* ${one.text}`)].join("\n"));
  return parts;
}

/** @param {Results} results @param {Summary} summary */
function figures({ libraries, unit, digits, rounds }, summary) {
  const body = summary.rows.map((row) => [
    row.label,
    ...libraries.map((name) => row.medians[name]?.toFixed(digits) ?? row.gaps[name]),
  ]);
  const title = `### Figures (${unit}, less is better; median of ${rounds} rounds)`;
  return `${title}\n\n${table(["shape", ...libraries], body)}`;
}

/** @param {Results} results @param {Summary} summary @param {string} base */
function ratioTable({ libraries }, summary, base) {
  const body = summary.rows.map((row) => [
    row.label,
    ...libraries.map((name) => row.ratios[base]?.[name]?.toFixed(2) ?? "-"),
  ]);
  const means = libraries.map((name) => {
    const mean = summary.means[base][name];
    if (mean === undefined) return "-";
    const partial = mean.rows < summary.rows.length ? ` (${mean.rows} rows)` : "";
    return `**${mean.mean.toFixed(2)}**${partial}`;
  });
  body.push(["**geometric mean**", ...means]);
  const title = `### Ratio to ${base} (1.00 is the same, less is better)`;
  return `${title}\n\n${table(["shape", ...libraries], body)}`;
}

/** @param {Results} results @param {Summary} summary @param {string} subject */
function winsAndLosses({ against: [base] }, summary, subject) {
  const known = summary.rows.flatMap((row) => {
    const ratio = row.ratios[base]?.[subject];
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
    `Rows where ${subject} loses to ${base}: ${losses.length} of ${known.length}. ${names(losses)}. ` +
      `Rows where it does not: ${wins.length}. ${names(wins)}.`,
  ];
}
