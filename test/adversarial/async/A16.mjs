// input() throws when the resource is created: the cell is in error (A6), and recovers.
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("input");
const id = signal(0);
const input = () => {
  if (id.get() === 0) throw thrown;
  return id.get();
};
const [value, meta] = createResource(input, async (id) => id);
const [text, stream] = createStreamResource(input, (id, { done }) => done(id));
assert.deepEqual(state(value, meta), ["error", undefined, thrown]);
assert.deepEqual(state(text, stream), ["error", undefined, thrown]);
id.set(1);
await settled();
assert.deepEqual(state(value, meta), ["success", 1, undefined]);
assert.deepEqual(state(text, stream), ["success", 1, undefined]);
await end();
