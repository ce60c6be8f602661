// onEvent throws on start: the run is not broken, the error is reported.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("onEvent");
const cell = fromPromise(async () => "value", {
  onEvent({ type }) {
    if (type === "start") throw thrown;
  },
});
await settled();
assert.deepEqual(state(cell), ["success", "value", undefined]);
await end([thrown]);
