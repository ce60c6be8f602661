/**
 * What the programs share: what reached the process is collected, and `end` checks it, and that the
 * library works as on the first day.
 */
import assert from "node:assert/strict";
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";

export { assert };

const uncaught = [];
const unhandled = [];
process.on("uncaughtException", (error) => uncaught.push(error));
process.on("unhandledRejection", (error) => unhandled.push(error));

/** Lets everything pass that waits for no timer. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A promise that is settled by hand. */
export function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  return result;
}

/** A thenable that is no promise. */
export const thenable = (then) => ({ then });

/** [status, value, error] of a cell, or of a value and its meta. */
export const state = (cell, meta = cell) => [
  meta.status(),
  (meta === cell ? cell.value : cell)(),
  meta.error(),
];

function checkFresh() {
  const a = signal(1);
  const doubled = computed(() => a.get() * 2);
  const seen = [];
  const dispose = createEffect(() => {
    seen.push(doubled.get());
  });
  a.set(2);
  flushSync();
  a.set(3);
  flushSync();
  dispose();
  a.set(4);
  flushSync();
  assert.deepEqual(seen, [2, 4, 6]);
  assert.equal(doubled.get(), 8);
}

/** Ends the program; `reported` is what must have reached the process as uncaught exceptions. */
export async function end(reported = []) {
  await settled();
  await settled();
  assert.deepEqual(uncaught, reported);
  assert.deepEqual(unhandled, []);
  checkFresh();
  console.log("done");
}
