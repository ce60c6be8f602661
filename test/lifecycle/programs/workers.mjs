/** Two workers at once, each with its own graph; then dozens that are terminated at any moment. */
import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { createEffect, flushSync, signal } from "@signal-kernel/core";
import { engine } from "#engine";

const start = (workerData) => {
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData });
  const reports = [];
  const ended = new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", resolve);
  });
  const first = new Promise((resolve) =>
    worker.on("message", (m) => {
      reports.push(m);
      resolve(m);
    }),
  );
  return { worker, reports, ended, first };
};

const mine = signal(0);
const seen = [];
createEffect(() => void seen.push(mine.get()));
const before = engine().counters.nodes;

const pair = [
  start({ base: 1000, rounds: 3000, once: true }),
  start({ base: 5000, rounds: 3000, once: true }),
];
assert.deepEqual(await Promise.all(pair.map((w) => w.ended)), [0, 0]);
for (const { reports } of pair) {
  assert.equal(reports.length, 1);
  assert.equal(reports[0].rounds, 3000);
  /* Fifty signals, fifty computeds, two effects: nothing of the other worker's. */
  assert.equal(reports[0].nodes, 102);
}

let seed = 7;
for (let i = 0; i < 24; i += 2) {
  const two = [0, 1].map((k) => start({ base: i + k, rounds: 1, yields: (i >> 1) % 2 === 0 }));
  await Promise.all(two.map((w) => w.first));
  for (const { worker } of two) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    await new Promise((resolve) => setTimeout(resolve, seed % 5));
    assert.equal(await worker.terminate(), 1);
  }
  mine.set(i + 1);
  flushSync();
}
/* Terminated before they are up. */
for (let i = 0; i < 8; i++) await start({ base: i, rounds: 1, once: true }).worker.terminate();
assert.equal(engine().counters.nodes, before);
assert.equal(seen.length, 13);
console.log("done");
