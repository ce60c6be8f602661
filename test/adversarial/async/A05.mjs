// A thenable that resolves twice and rejects: the first settlement wins.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state, thenable } from "./support.mjs";

let calls;
const cell = fromPromise(() =>
  thenable((resolve, reject) => {
    calls = { resolve, reject };
    resolve("first");
    resolve("second");
    reject("third");
  }),
);
await settled();
calls.reject("late");
calls.resolve("later");
await settled();
assert.deepEqual(state(cell), ["success", "first", undefined]);
await end();
