// reload() from onSuccess, cancel() from onCancel: safe, and no recursion without end.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

let cancels = 0;
const cell = fromPromise(async ({ token }) => token, {
  eager: false,
  onSuccess: (token) => token < 1000 && cell.reload(),
  onCancel() {
    cancels++;
    cell.cancel("again");
    if (cancels < 1000) {
      cell.reload();
      cell.cancel("and again");
    }
  },
});
cell.reload();
while (cell.value() !== 1000) await settled();
assert.deepEqual(state(cell), ["success", 1000, undefined]);
cell.reload();
cell.cancel("first");
assert.equal(cancels, 1000);
assert.equal(cell.status(), "cancelled");
await end();
