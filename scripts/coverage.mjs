// Prints how much of lib the tests reach, by folder and in all; ends non-zero when it is less than what
// is promised.
//
//   npm run coverage                 the suites about behaviour, on both engines, with fewer random programs
//   npm run coverage -- --report     of the last `SK_COVERAGE=1 npm test`, which is all of them
//   npm run coverage -- --missing    and what is not reached, line by line
//
// Only what runs in the process of a test is counted: what a child process reaches, in dist, is not. Files
// that are generated are left out; see vitest.config.ts.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable, requireAtLeast } from "./coverage-table.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "build", "coverage-lib");

const LEAST = { lines: 95, statements: 95 };
const COLUMNS = ["lines", "statements", "branches"];
/** Those that do their work in their own process. */
const SUITES = [
  "async",
  "conformance",
  "core",
  "engines",
  "fuzz",
  "inspect",
  "react",
  "server",
  "simulation",
  "snapshot",
  "vue",
].map((name) => `test/${name}`);
/* More of the same reaches nothing new. */
const SHORT = {
  SK_PROPERTY_RUNS: "300",
  SK_SIMULATION_RUNS: "100",
  SK_HISTORY_RUNS: "100",
  SK_FAULT_FLUSHES: "200",
};

function collect() {
  rmSync(folder, { recursive: true, force: true });
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const projects = ["--project", "native", "--project", "wasm"];
  const { status } = spawnSync(process.execPath, [vitest, "run", ...projects, ...SUITES], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...SHORT, SK_COVERAGE: "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** What was reached of the files together. */
function sum(files) {
  const all = Object.fromEntries(COLUMNS.map((name) => [name, { covered: 0, total: 0 }]));
  for (const file of files)
    for (const name of COLUMNS) {
      all[name].covered += file[name].covered;
      all[name].total += file[name].total;
    }
  return all;
}

function readJson(name) {
  const path = join(folder, name);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  console.error("coverage: nothing was collected; `SK_COVERAGE=1 npm test` does, if it passes");
  return process.exit(1);
}

function report() {
  const { total, ...files } = readJson("coverage-summary.json");
  const folders = new Map();
  for (const [path, file] of Object.entries(files)) {
    /* It has only types, or names what others export. */
    if (file.statements.total === 0) continue;
    const name = relative(root, dirname(path));
    folders.set(name, [...(folders.get(name) ?? []), file]);
  }
  const rows = [...folders].sort().map(([name, parts]) => [name, sum(parts)]);
  printTable(COLUMNS, [...rows, ["all of it", total]]);
  requireAtLeast(LEAST, total);
}

/** The lines on which something was not reached: a statement, or a branch of a condition. */
function missingIn({ s, statementMap, b, branchMap }) {
  const never = Object.keys(s).filter((key) => s[key] === 0);
  const lines = never.map((key) => statementMap[key].start.line);
  for (const [key, counts] of Object.entries(b))
    for (const [i, count] of counts.entries())
      if (count === 0)
        lines.push((branchMap[key].locations[i].start ?? branchMap[key].loc.start).line);
  return [...new Set(lines)].filter((line) => line !== undefined).sort((x, y) => x - y);
}

function listMissing() {
  for (const [path, file] of Object.entries(readJson("coverage-final.json"))) {
    const text = readFileSync(path, "utf8").split("\n");
    for (const line of missingIn(file))
      console.log(`${relative(root, path)}:${line}: ${text[line - 1].trim()}`);
  }
}

if (!process.argv.includes("--report")) collect();
report();
if (process.argv.includes("--missing")) listMissing();
