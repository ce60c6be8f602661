#!/usr/bin/env node
// @ts-check
// npm run bench:ssr -w benchmarks: the example examples/ssr under load, with clients that go away, and
// what a page costs in CPU time.
//
//   --requests N      of the measured run (10,000)
//   --concurrency N   at a time (32)
//   --aborts F        the part of them whose client goes away at a random moment (0.2)
//   --seed N          of the random numbers (1)
//   --load-only       leaves the CPU time out
//
// Ends with 1 when a page was wrong, when something of a request is left in the kernel or in flight, or
// when memory has grown after a forced collection.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "./harness/machine.js";
import { measure } from "./ssr/cpu.js";
import { run } from "./ssr/load.js";

/** Milliseconds that the two queries of a page take. */
const DELAYS = ["2", "10"];
/** What a heap may grow by: caches of Node and V8 fill up. */
const SLACK = 4 * 2 ** 20;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "10000" },
    concurrency: { type: "string", default: "32" },
    aborts: { type: "string", default: "0.2" },
    seed: { type: "string", default: "1" },
    "load-only": { type: "boolean", default: false },
  },
});
const load = {
  requests: Number(values.requests),
  concurrency: Number(values.concurrency),
  aborts: Number(values.aborts),
  seed: Number(values.seed),
};

const child = fork(fileURLToPath(new URL("ssr/server.js", import.meta.url)), DELAYS, {
  execArgv: ["--expose-gc"],
});
const [{ port }] = await once(child, "message");

/** What the server holds after a forced collection. */
async function report() {
  child.send("report");
  const [message] = await once(child, "message");
  return message;
}

/** @param {number[]} sorted @param {number} part */
const percentile = (sorted, part) =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
/** @param {number} bytes */
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const machine = describeMachine();
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}`);
console.log(
  `${load.requests} requests, ${load.concurrency} at a time, queries of ${DELAYS.join(" and ")} ms`,
);

/* As much as is measured: what fills up once is full then. */
await run(port, { ...load, requests: Math.min(load.requests, 2_000), seed: load.seed + 1 });
const before = await report();
const outcome = await run(port, load);
const after = await report();
child.disconnect();

const sorted = outcome.latencies.sort((a, b) => a - b);
const [p50, p90, p99] = [0.5, 0.9, 0.99].map((part) => percentile(sorted, part).toFixed(1));
const seconds = outcome.ms / 1000;
console.log(
  `  requests      ${(load.requests / seconds).toFixed(0)} a second, ${outcome.aborted} aborted by their clients`,
);
console.log(
  `  latency       p50 ${p50}, p90 ${p90}, p99 ${p99}, longest ${sorted.at(-1)?.toFixed(1)} ms`,
);
console.log(
  `  server CPU    ${((after.cpuMs - before.cpuMs) / load.requests).toFixed(3)} ms a request`,
);
for (const [name, { memory, kernel, inFlight }] of Object.entries({ before, after }))
  console.log(
    `  ${name.padEnd(12)}  rss ${mib(memory.rss)}, heap ${mib(memory.heapUsed)}, external ${mib(memory.external)}, ` +
      `kernel ${kernel.nodes} nodes, ${kernel.edges} edges, ${kernel.tasks} tasks, ${kernel.bytes} bytes, in flight ${inFlight}`,
  );

const faults = outcome.faults.slice(0, 10);
for (const key of /** @type {const} */ (["nodes", "edges", "tasks"]))
  if (after.kernel[key] !== before.kernel[key])
    faults.push(`${key} in the kernel: ${before.kernel[key]} before, ${after.kernel[key]} after`);
if (after.inFlight !== 0) faults.push(`${after.inFlight} queries are in flight still`);
const growth = after.memory.heapUsed - before.memory.heapUsed;
if (growth > SLACK) faults.push(`the heap has grown by ${mib(growth)}`);
for (const fault of faults) console.log(`  FAULT         ${fault}`);
console.log(faults.length === 0 ? "  no fault" : `  ${outcome.faults.length} pages were wrong`);
if (faults.length > 0) process.exitCode = 1;

if (!values["load-only"]) {
  console.log("CPU time of a page whose queries are settled at once, against the same by hand");
  for (const cells of [0, 2, 20]) {
    const { withState, byHand } = await measure(cells);
    console.log(
      `  ${String(cells).padStart(2)} cells      ${withState.toFixed(1)} µs, by hand ${byHand.toFixed(1)} µs`,
    );
  }
}
