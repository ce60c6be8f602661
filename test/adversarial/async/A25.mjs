// onErrorEffect, onSuccess and onCancelEffect of a stream throw: reported, the state is right.
import { createStreamResource } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = {
  onSuccess: new Error("1"),
  onErrorEffect: new Error("2"),
  onCancelEffect: new Error("3"),
};
const callbacks = Object.fromEntries(
  Object.entries(thrown).map(([name, error]) => [
    name,
    () => {
      throw error;
    },
  ]),
);
const contexts = [];
const [text, meta] = createStreamResource(
  () => 1,
  (_input, context) => void contexts.push(context),
  callbacks,
);
await settled();
contexts[0].done("value");
assert.deepEqual(state(text, meta), ["success", "value", undefined]);
meta.reload();
await settled();
contexts[1].fail("failure");
assert.deepEqual(state(text, meta), ["error", "value", "failure"]);
meta.reload();
meta.cancel();
assert.deepEqual(state(text, meta), ["cancelled", "value", undefined]);
await end(Object.values(thrown));
