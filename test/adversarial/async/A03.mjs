// A thenable that throws in then(): status error; after it resolved, the value counts.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state, thenable } from "./support.mjs";

const thrown = new Error("then");
const before = fromPromise(() =>
  thenable(() => {
    throw thrown;
  }),
);
const after = fromPromise(() =>
  thenable((resolve) => {
    resolve("value");
    throw thrown;
  }),
);
await settled();
assert.deepEqual(state(before), ["error", undefined, thrown]);
assert.deepEqual(state(after), ["success", "value", undefined]);
await end();
