// A fetcher that ignores the abort and resolves after it: ignored.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, deferred, end, settled, state } from "./support.mjs";

const runs = [];
const cell = fromPromise(() => {
  runs.push(deferred());
  return runs.at(-1).promise;
});
cell.cancel();
runs[0].resolve("late");
await settled();
assert.deepEqual(state(cell), ["cancelled", undefined, undefined]);
const second = cell.reload();
runs[1].resolve("in time");
assert.equal(await second, "in time");
await end();
