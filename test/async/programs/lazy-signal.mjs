// An AbortController is made when a producer first reads its signal, and never for one that does not.
import assert from "node:assert/strict";

let made = 0;
globalThis.AbortController = class extends AbortController {
  constructor() {
    super();
    made++;
  }
};
const { createStreamResource, fromPromise } = await import("@signal-kernel/async-runtime");

const contexts = [];
const keep = (context) => {
  contexts.push(context);
  return new Promise(() => {});
};
const cell = fromPromise(keep);
cell.reload();
cell.cancel();
cell.reload();
createStreamResource(
  () => 1,
  (_input, context) => keep(context),
);
await new Promise((resolve) => setImmediate(resolve));
assert.equal(contexts.length, 4);
assert.equal(made, 0);
assert.ok(contexts[0].signal.aborted);
assert.equal(made, 0);
for (const { signal } of contexts.slice(2)) assert.equal(signal.aborted, false);
assert.equal(contexts[2].signal, contexts[2].signal);
assert.equal(contexts[3].signal, contexts[3].signal);
assert.equal(made, 2);
console.log("done");
