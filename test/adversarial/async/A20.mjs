// Late results of 1,000 superseded runs: the last one wins, whatever the order.
import { fromPromise } from "@signal-kernel/async-runtime";
import { createEffect } from "@signal-kernel/core";
import { assert, deferred, end, settled, state } from "./support.mjs";

const runs = [];
const cell = fromPromise(() => {
  runs.push(deferred());
  return runs.at(-1).promise;
});
const seen = new Set();
createEffect(() => {
  seen.add(cell.value());
});
const results = [];
for (let i = 1; i < 1000; i++) results.push(cell.reload());
for (let i = 0; i < 1000; i += 2) runs[i].resolve(i);
for (let i = 999; i > 0; i -= 2) i % 3 ? runs[i].resolve(i) : runs[i].reject(i);
await settled();
assert.deepEqual(state(cell), ["error", undefined, 999]);
assert.deepEqual([...seen], [undefined]);
assert.ok((await Promise.all(results)).every((result) => result === undefined));
const last = cell.reload();
runs[1000].resolve("last");
assert.equal(await last, "last");
await end();
