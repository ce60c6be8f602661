// Rejections with undefined, null, 0 and a symbol: status error, and the reason is kept.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled } from "./support.mjs";

for (const reason of [undefined, null, 0, "", Number.NaN, Symbol("reason")]) {
  const told = [];
  const cell = fromPromise(() => Promise.reject(reason), { onError: (error) => told.push(error) });
  await settled();
  assert.equal(cell.status(), "error");
  assert.ok(Object.is(cell.error(), reason));
  assert.ok(told.length === 1 && Object.is(told[0], reason));
}
await end();
