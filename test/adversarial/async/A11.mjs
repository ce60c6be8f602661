// cancel(reason) reaches AbortSignal.reason; cancel() is an AbortError.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end } from "./support.mjs";

const signals = [];
const cell = fromPromise(({ signal }) => {
  signals.push(signal);
  return new Promise(() => {});
});
const reason = { why: "enough" };
cell.cancel(reason);
assert.equal(signals[0].reason, reason);
cell.reload();
cell.cancel();
assert.ok(signals[1].reason instanceof DOMException);
assert.equal(signals[1].reason.name, "AbortError");
cell.reload();
cell.cancel(null);
assert.equal(signals[2].reason, null);
await end();
