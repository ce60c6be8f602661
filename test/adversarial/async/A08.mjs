// onError throws: the error state is committed, what was thrown is reported once.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("onError");
const cell = fromPromise(() => Promise.reject("rejected"), {
  onError() {
    throw thrown;
  },
});
await settled();
assert.deepEqual(state(cell), ["error", undefined, "rejected"]);
await end([thrown]);
