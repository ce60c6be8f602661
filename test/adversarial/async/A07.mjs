// onSuccess throws: the state is committed, the error reported once, run() resolves.
import { createResource } from "@signal-kernel/async-runtime";
import { assert, end, state } from "./support.mjs";

const thrown = new Error("onSuccess");
const [value, meta] = createResource({
  trigger: "manual",
  run: async (input) => input,
  onSuccess() {
    throw thrown;
  },
});
assert.equal(await meta.run("value"), "value");
assert.deepEqual(state(value, meta), ["success", "value", undefined]);
await end([thrown]);
