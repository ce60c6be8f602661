// A fetcher that throws synchronously: status error, never thrown to the caller.
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("thrown");
const fail = () => {
  throw thrown;
};
const cell = fromPromise(fail);
const [value, meta] = createResource(() => 1, fail);
assert.equal(cell.status(), "pending");
await settled();
assert.deepEqual(state(cell), ["error", undefined, thrown]);
assert.deepEqual(state(value, meta), ["error", undefined, thrown]);
assert.equal(await cell.reload(), undefined);
await end();
