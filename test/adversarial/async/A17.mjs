// input() throws later: the value stays, the error is seen once, and the resource recovers.
import { createResource } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("input");
const id = signal(1);
const errors = [];
const [value, meta] = createResource(
  () => {
    if (id.get() === 2) throw thrown;
    return id.get();
  },
  async (id) => id,
  { onError: (error) => errors.push(error) },
);
await settled();
id.set(2);
await settled();
assert.deepEqual(state(value, meta), ["error", 1, thrown]);
id.set(3);
await settled();
assert.deepEqual(state(value, meta), ["success", 3, undefined]);
assert.deepEqual(errors, [thrown]);
await end();
