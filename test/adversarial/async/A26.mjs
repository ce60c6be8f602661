// An abort listener throws: the platform reports it, the state is right.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("listener");
const cell = fromPromise(({ signal, token }) => {
  signal.addEventListener("abort", () => {
    throw thrown;
  });
  return token === 2 ? Promise.resolve("value") : new Promise(() => {});
});
cell.reload();
await settled();
assert.deepEqual(state(cell), ["success", "value", undefined]);
cell.reload();
cell.cancel();
assert.equal(cell.status(), "cancelled");
await end([thrown, thrown]);
