// @ts-check
import { count, formatBytes, formatNumber, printable } from "../format.js";

/**
 * @import { Report } from "./report.js"
 */

const BAR = 24;
const LICENCES = 15;
const WIDTH = 100;

/**
 * The report for a terminal. Everything that comes from a package is made printable first.
 *
 * @param {Report} report
 */
export function formatReport({ root, counts, licences, largest, duplicates, integrity, problems }) {
  const own = counts.workspaces > 0 ? `, and ${count(counts.workspaces, "own package")}` : "";
  const lines = [
    `Packages installed in ${printable(root)}`,
    "",
    `  ${count(counts.packages, "package")} of ${count(counts.names, "name")}${own}`,
    `  ${formatBytes(counts.bytes)} in ${count(counts.files, "file")}`,
    `  ${count(counts.dependencies, "dependency", "dependencies")} between them`,
    ...block("Licences", licenceRows(licences)),
    ...block(
      "Largest",
      table(largest.map((one) => [one.package, formatBytes(one.bytes), one.path])),
    ),
    ...block(
      "Duplicates",
      duplicates.length === 0
        ? ["no package is installed in several versions"]
        : table(
            duplicates.map(({ name, versions, bytes }) => [
              name,
              Object.entries(versions).map(times).join(", "),
              `${formatBytes(bytes)} more than one copy`,
            ]),
          ),
    ),
    ...block("Integrity", [
      `${formatNumber(integrity.verified)} verified, ${integrity.mismatch} do not match, ` +
        `${integrity.unlisted} not in the lock file, ${integrity.unchecked} without a lock file`,
      ...wrap(integrity.basis, WIDTH - 4),
    ]),
    ...block(
      "Problems",
      problems.length === 0 ? ["none"] : problems.map((one) => `${one.path}: ${one.message}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * @param {string} title
 * @param {string[]} rows
 */
const block = (title, rows) => ["", title, ...rows.map((row) => `  ${printable(row)}`)];

/** @param {Record<string, number>} licences */
function licenceRows(licences) {
  const all = Object.entries(licences).sort(([, a], [, b]) => b - a);
  const most = all[0]?.[1] ?? 1;
  const rows = all
    .slice(0, LICENCES)
    .map(([licence, n]) => [licence, String(n), "█".repeat(Math.ceil((BAR * n) / most))]);
  const rest = all.length - rows.length;
  return [...table(rows), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** @param {[string, string[]]} version */
const times = ([version, ids]) =>
  `${version || "no version"}${ids.length > 1 ? ` (${ids.length} times)` : ""}`;

/**
 * Columns as wide as their widest cell.
 *
 * @param {string[][]} rows
 */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/**
 * @param {string} text
 * @param {number} width
 */
function wrap(text, width) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + word.length >= width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
