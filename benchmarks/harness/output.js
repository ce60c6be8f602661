// @ts-check
// What a run of the benchmarks leaves behind, on standard output and in files.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { charts } from "./charts.js";
import { report } from "./report.js";
import { summarize } from "./summary.js";

/**
 * @param {import("./types.js").Report} record
 * @param {{ json?: string | undefined, markdown?: string | undefined, charts?: string | undefined }} files
 * @returns {boolean} Whether there was a failure.
 */
export function write(record, files) {
  const summaries = record.suites.map(summarize);
  const text = report(record, summaries);
  process.stdout.write(text);
  if (files.json !== undefined) {
    const suites = record.suites.map((one, i) => ({ ...one, summary: summaries[i] }));
    writeFileSync(files.json, `${JSON.stringify({ ...record, suites }, null, 1)}\n`);
  }
  if (files.markdown !== undefined) writeFileSync(files.markdown, text);
  if (files.charts !== undefined) {
    mkdirSync(files.charts, { recursive: true });
    for (const [name, svg] of charts(record, summaries))
      writeFileSync(join(files.charts, name), svg);
  }
  return summaries.some((one) => one.failures.length > 0);
}
