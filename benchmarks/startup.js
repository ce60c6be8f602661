// What importing the library adds to the start of a process.
//
//   node benchmarks/startup.js [--rounds N] [--json FILE]
//
// Starts processes one after the other, in turns: an empty program, one that imports a peer, those that
// import this library, as ES module and by require. Each tells how long it has been there when its last
// line runs, and how much of a processor it has used. What a program adds is taken within each round,
// against the empty program of its format; the median over the rounds is shown, and the difference of the
// best two times, which is what an undisturbed machine would show.
//
// A program reads process.uptime() and not performance.now(): Node makes `performance` when it is first
// asked for, and that takes as long as a small library.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "40" }, json: { type: "string" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError("--rounds must be an integer from 1");

const CORE = "@signal-kernel/core";
const BOTH = "@signal-kernel/async-runtime";

/**
 * What a program imports, and the engine that it is told to use.
 *
 * @type {readonly { name: string, imports?: string, engine?: string }[]}
 */
const PROGRAMS = [
  { name: "nothing" },
  { name: "alien-signals", imports: "alien-signals" },
  { name: "core, native", imports: CORE, engine: "native" },
  { name: "core, wasm", imports: CORE, engine: "wasm" },
  { name: "core and async-runtime, native", imports: BOTH, engine: "native" },
];

/** How each format imports. @type {Record<string, { args: string[], load: (id: string) => string }>} */
const FORMATS = {
  import: { args: ["--input-type=module"], load: (id) => `import ${JSON.stringify(id)};` },
  require: { args: ["--input-type=commonjs"], load: (id) => `require(${JSON.stringify(id)});` },
};

const TELL =
  "const { user, system } = process.cpuUsage();" +
  "const figures = [process.uptime() * 1e3, (user + system) / 1e3];" +
  'process.getBuiltinModule("node:fs").writeSync(1, figures.join(" "));';

/**
 * Milliseconds of one process until its last line: those that have passed, and those of a processor.
 *
 * @param {string} format
 * @param {{ name: string, imports?: string, engine?: string }} program
 * @returns {{ time: number, cpu: number }}
 */
function start(format, { name, imports, engine }) {
  const { args, load } = FORMATS[format] ?? { args: [], load: String };
  const code = `${imports === undefined ? "" : load(imports)}\n${TELL}`;
  const env = { ...process.env, SIGNAL_KERNEL_ENGINE: engine ?? "" };
  const options = /** @type {const} */ ({ cwd: here, env, encoding: "utf8" });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...args, "--eval", code],
    options,
  );
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const [time = Number.NaN, cpu = Number.NaN] = stdout.split(" ").map(Number);
  return { time, cpu };
}

/** @type {(numbers: number[]) => number} */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** One row of the table for each format and program. */
const rows = Object.keys(FORMATS).flatMap((format) =>
  PROGRAMS.map((program) => ({
    format,
    program,
    times: /** @type {number[]} */ ([]),
    cpus: /** @type {number[]} */ ([]),
  })),
);
for (let round = 0; round < rounds; round++)
  for (const { format, program, times, cpus } of rows) {
    const { time, cpu } = start(format, program);
    times.push(time);
    cpus.push(cpu);
  }

const results = rows.map(({ format, program, times, cpus }) => {
  const base = rows.find((row) => row.format === format) ?? { times, cpus };
  const added = times.map((time, round) => time - (base.times[round] ?? Number.NaN));
  const addedCpu = cpus.map((cpu, round) => cpu - (base.cpus[round] ?? Number.NaN));
  return {
    format,
    program: program.name,
    best: Math.min(...times),
    median: median(times),
    addedAtBest: Math.min(...times) - Math.min(...base.times),
    added: median(added),
    processor: median(cpus),
    addedProcessor: median(addedCpu),
  };
});

console.log(
  `Node ${process.versions.node}, ${process.platform}-${process.arch}, ${rounds} rounds, milliseconds\n`,
);
console.log(
  "| | program | best | median | added at best | added | processor time | added |\n" +
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
);
for (const row of results) {
  const figures = [
    row.best,
    row.median,
    row.addedAtBest,
    row.added,
    row.processor,
    row.addedProcessor,
  ];
  const cells = figures.map((figure) => figure.toFixed(1)).join(" | ");
  console.log(`| ${row.format} | ${row.program} | ${cells} |`);
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
