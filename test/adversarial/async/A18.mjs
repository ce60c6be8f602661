// 10,000 changes of the source in one tick: one fetch.
import { createResource } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { assert, end, settled, state } from "./support.mjs";

const id = signal(0);
const inputs = [];
const [value, meta] = createResource(id.get, async (id) => {
  inputs.push(id);
  return id;
});
for (let i = 1; i <= 10_000; i++) id.set(i);
await settled();
assert.deepEqual(inputs, [0, 10_000]);
assert.deepEqual(state(value, meta), ["success", 10_000, undefined]);
await end();
