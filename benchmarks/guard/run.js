#!/usr/bin/env node
// @ts-check
// npm run bench:guard: have the kernel's instructions, or the calls into it, grown?
//
//   --record   takes over what is counted now
//
// Instructions may differ by one percent from what was recorded with the same compiler; with another one
// they are shown and not compared. Calls must be exactly as many. What has become less is no failure, but
// should be recorded: a later loss would hide in it.
//
// CC chooses the compiler (default cc).

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compare } from "./compare.js";
import { countInstructions, describeCompiler, Missing } from "./instructions.js";

const TOLERANCE = 0.01;
const FILE = fileURLToPath(new URL("recorded.json", import.meta.url));

/** @typedef {Record<string, number>} Counts */

/** @type {{ instructions: Record<string, Counts>, calls: Record<string, Counts> }} */
const recorded = existsSync(FILE)
  ? JSON.parse(readFileSync(FILE, "utf8"))
  : { instructions: {}, calls: {} };

/** @param {string} engine @returns {Counts} */
function countCalls(engine) {
  const script = fileURLToPath(new URL("crossings.js", import.meta.url));
  const env = { ...process.env, SIGNAL_KERNEL_ENGINE: engine };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${engine}: ${stderr}`);
  return JSON.parse(stdout);
}

const { values } = parseArgs({ options: { record: { type: "boolean", default: false } } });
let hasFailed = false;

/**
 * @param {string} title
 * @param {"instructions" | "calls"} kind
 * @param {string} key What the counts depend on.
 * @param {Counts} counts
 * @param {number} tolerance
 */
function judge(title, kind, key, counts, tolerance) {
  console.log(`\n${title}`);
  if (values.record) recorded[kind][key] = counts;
  const before = recorded[kind][key];
  const { lines, worse } = compare(counts, before, tolerance);
  console.log(lines.join("\n"));
  if (before === undefined) {
    const known = Object.keys(recorded[kind]).join("; ") || "nothing";
    console.log(
      `NOT COMPARED: nothing is recorded for ${key}, only for ${known}. npm run bench:guard -- --record`,
    );
  }
  if (worse.length > 0) {
    hasFailed = true;
    console.log(`MORE THAN RECORDED: ${worse.join(", ")}`);
  }
}

for (const engine of ["native", "wasm"])
  judge(`Calls into the kernel, ${engine}`, "calls", engine, countCalls(engine), 0);

try {
  const compiler = process.env.CC ?? "cc";
  const key = describeCompiler(compiler);
  judge(
    `Instructions of the kernel, ${key}`,
    "instructions",
    key,
    countInstructions(compiler),
    TOLERANCE,
  );
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  hasFailed = true;
  console.log(`\nInstructions of the kernel\nNOT COUNTED: ${error.message}`);
}

if (values.record) {
  writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log("\nrecorded");
}
process.exitCode = hasFailed ? 1 : 0;
