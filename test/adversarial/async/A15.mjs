// A fetcher that rejects with an AbortError of its own: an error, never pending for ever.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const own = new DOMException("mine", "AbortError");
const cell = fromPromise(() => Promise.reject(own));
await settled();
assert.deepEqual(state(cell), ["error", undefined, own]);
const ours = fromPromise(
  ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
);
ours.cancel();
await settled();
assert.deepEqual(state(ours), ["cancelled", undefined, undefined]);
await end();
