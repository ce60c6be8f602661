#!/usr/bin/env node
// @ts-check
// Where the time of one shape goes: `node --expose-gc benchmarks/profile.js deep [library] [seconds]`
// prints the functions by their own share of the warm runs. It is V8's sampling profiler: a function
// that the compiler inlined counts where it put it, and all calls into an addon are shown as one,
// under the name of any of its exports.

import { Session } from "node:inspector/promises";
import { basename } from "node:path";
import { ENGINES, NATIVE } from "./adapters/index.js";
import graphSuite from "./suites/graph.js";

/** @typedef {import("node:inspector").Profiler.Profile} Profile */

const [name, library = NATIVE, seconds = "2"] = process.argv.slice(2);
const shape = graphSuite.shapes.find((one) => one.name === name);
if (shape === undefined || globalThis.gc === undefined) {
  const names = graphSuite.shapes.map((one) => one.name).join(" ");
  process.stderr.write(
    `node --expose-gc benchmarks/profile.js SHAPE [LIBRARY] [SECONDS]\n${names}\n`,
  );
  process.exit(2);
}

/**
 * @param {Map<string, number>} own
 * @param {number} count The most to show.
 */
function top(own, count) {
  const all = [...own.values()].reduce((sum, value) => sum + value, 0);
  return [...own]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .filter(([, value]) => value / all >= 0.005)
    .map(([label, value]) => `${((value / all) * 100).toFixed(1).padStart(6)} %  ${label}\n`)
    .join("");
}

/** Samples by function. @param {Profile} profile */
function byFunction(profile) {
  /** @type {Map<string, number>} */
  const own = new Map();
  for (const { callFrame, hitCount = 0 } of profile.nodes) {
    const { functionName, url, lineNumber } = callFrame;
    const where = url === "" ? "" : ` ${basename(url)}:${lineNumber + 1}`;
    const label = `${functionName || "(anonymous)"}${where}`;
    own.set(label, (own.get(label) ?? 0) + hitCount);
  }
  return own;
}

Object.assign(process.env, ENGINES[/** @type {keyof typeof ENGINES} */ (library)]);
const scale = /** @type {const} */ ({ mode: "full", handles: "field" });
const lib = await graphSuite.load(library, shape.set);
const expected = shape.expect?.(scale);
const { result: instance } = lib.withBuild(() => shape.build(lib, scale, expected));
const pass = () => {
  instance.prepare?.();
  instance.run();
  instance.release?.();
};
pass();
pass();

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: 200 });
await session.post("Profiler.start");
const until = performance.now() + Number(seconds) * 1000;
let passes = 0;
for (; passes === 0 || performance.now() < until; passes++) pass();
const { profile } = await session.post("Profiler.stop");
session.disconnect();

process.stdout.write(`${library}, ${name}: ${passes} passes\n`);
process.stdout.write(top(byFunction(profile), 20));
