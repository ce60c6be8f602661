// Plays scenarios for a long time, and fails when anything grows: memory of the process, its heap, what is
// live in the kernel, its bytes, handles of the event loop, listeners of the process.
//
//   npm run soak                              ten minutes, shared by all scenarios; both engines side by side
//   npm run soak -- --seconds 60              the short form
//   npm run soak -- --only streams            one scenario; may be given more than once
//   npm run soak -- --engine native           one engine
//   npm run soak -- --leak                    keeps something of each round: it must fail
//
// Each scenario has a process of its own (test/soak/run.mjs). A quarter of its time warms up; what is measured
// then, after collections, is judged by test/soak/judge.mjs: the median of the last third against that of the
// first. It ends with 1 when something has grown, when a round fails, or when an error reaches the process.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judgeAll } from "../test/soak/judge.mjs";
import { scenarios } from "../test/soak/scenarios.mjs";
import setup from "./build-before-tests.mjs";

const ENGINES = ["native", "wasm"];
const PROGRAM = fileURLToPath(new URL("../test/soak/run.mjs", import.meta.url));

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    only: { type: "string", multiple: true },
    engine: { type: "string" },
    leak: { type: "boolean", default: false },
  },
});

function fail(message) {
  console.error(`soak: ${message}`);
  process.exit(2);
}

/** One of some names, or the end. */
function known(what, name, names) {
  if (!names.includes(name)) fail(`no ${what} ${name}; there are ${names.join(", ")}`);
  return name;
}

const all = Object.keys(scenarios);
const names = (values.only ?? all).map((name) => known("scenario", name, all));
const engines = values.engine === undefined ? ENGINES : [known("engine", values.engine, ENGINES)];
const total = Number(values.seconds);
if (!(total >= 1)) fail("--seconds must be a number from 1");
const seconds = total / names.length;

/** Soaks a scenario; resolves to what it measured, or why there is nothing. */
function soak(name, engine) {
  /* The young generation of V8 would grow by 16 MiB at some moment: of such a step nothing can be told. */
  const args = ["--expose-gc", "--max-semi-space-size=2", PROGRAM, name, String(seconds)];
  if (values.leak) args.push("leak");
  const child = spawn(process.execPath, args, {
    env: { ...process.env, SIGNAL_KERNEL_ENGINE: engine },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let last = {};
  let err = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    last = JSON.parse(line);
    if (last.told !== undefined) console.log(`soak: ${engine} ${name}: ${last.told}`);
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      if (code === 0 && last.samples !== undefined) resolve(last);
      else resolve({ faults: [`ended with ${signal ?? code}: ${err.slice(0, 2000)}`] });
    });
  });
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);
const columns = ["scenario", "engine", "rounds", "rss MiB", "heap MiB", "kernel KiB", "outcome"];
const row = (cells) =>
  cells.map((cell, at) => String(cell).padEnd([13, 8, 10, 16, 16, 18, 0][at])).join("");

/** What became of a scenario, as a row of the table; and what is wrong with it. */
function report(name, engine, { samples, rounds, faults }) {
  if (samples === undefined) return { cells: [name, engine, "", "", "", "", "FAILED"], faults };
  const judged = judgeAll(samples);
  const grown = judged.filter((series) => series.grown);
  const of = (wanted) => judged.find((series) => series.name === wanted);
  const change = (wanted, unit) => `${unit(of(wanted).first)} > ${unit(of(wanted).last)}`;
  const all = [
    ...faults,
    ...grown.map(
      ({ name: what, first, last, allowed }) =>
        `${what} has grown from ${first} to ${last}; ${Math.round(allowed)} more is tolerated`,
    ),
  ];
  const kib = (bytes) => (bytes / 2 ** 10).toFixed(0);
  return {
    cells: [
      name,
      engine,
      rounds,
      change("rss", mib),
      change("heap", mib),
      change("kernel", kib),
      all.length === 0 ? "flat" : grown.length > 0 ? "GROWN" : "FAILED",
    ],
    faults: all,
  };
}

async function lane(engine) {
  const reports = [];
  for (const name of names) {
    const outcome = report(name, engine, await soak(name, engine));
    reports.push(outcome);
    console.log(`soak: ${engine} ${name}: ${outcome.cells.at(-1)}`);
  }
  return reports;
}

setup();
console.log(
  `soak: ${names.length} scenarios of ${seconds.toFixed(1)} s each, on ${engines.join(" and ")}`,
);
const reports = (await Promise.all(engines.map(lane))).flat();
console.log(row(columns));
for (const { cells } of reports) console.log(row(cells));
for (const { cells, faults } of reports)
  for (const fault of faults) console.error(`soak: ${cells[1]} ${cells[0]}: ${fault}`);
process.exit(reports.some(({ faults }) => faults.length > 0) ? 1 : 0);
