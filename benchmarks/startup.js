// What importing the library adds to the start of a process.
//
//   node benchmarks/startup.js [--rounds N]
//
// Starts processes one after the other, with and without the import, in turns, and compares medians.
// Each measures itself: from the start of the process (performance.timeOrigin) to its last line.

import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { rounds: { type: "string", default: "40" } } });
const rounds = Number(values.rounds);

/** @type {Record<string, string>} */
const PROGRAMS = {
  nothing: "",
  "core, native": 'import "@signal-kernel/core";',
  "core, wasm": 'import "@signal-kernel/core";',
  "core and async-runtime, native": 'import "@signal-kernel/async-runtime";',
};

/** Milliseconds from the start of a process to its last line. @param {string} name */
function start(name) {
  const code = `${PROGRAMS[name]}\nprocess.stdout.write(String(performance.now()));`;
  const env = { ...process.env };
  if (name.includes("native")) env.SIGNAL_KERNEL_ENGINE = "native";
  if (name.includes("wasm")) env.SIGNAL_KERNEL_ENGINE = "wasm";
  const args = ["--input-type=module", "--eval", code];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: here,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return Number(stdout);
}

/** @type {(numbers: number[]) => number} */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** @type {Record<string, number[]>} */
const times = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const name of Object.keys(PROGRAMS)) times[name]?.push(start(name));

const base = median(times.nothing ?? []);
console.log(
  `Node ${process.versions.node}, ${process.platform}-${process.arch}, ${rounds} rounds\n`,
);
console.log("| imports | start (ms, median) | added (ms) |\n| --- | ---: | ---: |");
for (const [name, all] of Object.entries(times)) {
  const time = median(all);
  console.log(`| ${name} | ${time.toFixed(1)} | ${(time - base).toFixed(1)} |`);
}
