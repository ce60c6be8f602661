/** Background work that waits for its slices when the program has nothing else left to do. */
import assert from "node:assert/strict";
import { configureScheduler, createEffect, signal } from "@signal-kernel/core";

const COUNT = 50;
let now = 0;
performance.now = () => now;
configureScheduler({ budgetMs: 3 });
const source = signal(0);
let runs = 0;
let turns = 0;
for (let i = 0; i < COUNT; i++)
  createEffect(
    () => {
      source.get();
      runs++;
      now++;
    },
    { priority: "background" },
  );
runs = 0;
source.set(1);

/* Other work of the event loop has its turns in between, and it is not waited for. */
const count = () => {
  turns++;
  if (runs < COUNT) setImmediate(count);
};
setImmediate(count);
setInterval(() => {}, 1000).unref();

process.on("exit", () => {
  assert.equal(runs, COUNT);
  assert.ok(turns >= COUNT / 3 - 1, `${turns} turns`);
  console.log("done");
});
