#!/usr/bin/env node
// @ts-check
// node benchmarks/report.js FIGURES.json [--markdown FILE] [--charts FOLDER]: the tables and charts of a
// run that `npm run bench -- --json FIGURES.json` has written.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { write } from "./harness/output.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: "string" }, charts: { type: "string" } },
});
const [file] = positionals;
if (file === undefined) {
  process.stderr.write(
    "node benchmarks/report.js FIGURES.json [--markdown FILE] [--charts FOLDER]\n",
  );
  process.exit(2);
}
const record = /** @type {import("./harness/types.js").Report} */ (
  JSON.parse(readFileSync(file, "utf8"))
);
if (record.format !== 1) throw new Error(`${file} is not of this version of the benchmarks`);
write(record, values);
