// A thenable whose `then` is a getter that throws: status error.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("getter");
const hostile = () =>
  Object.defineProperty({}, "then", {
    get() {
      throw thrown;
    },
  });
const direct = fromPromise(hostile);
const nested = fromPromise(() => ({ then: (resolve) => queueMicrotask(() => resolve(hostile())) }));
await settled();
assert.deepEqual(state(direct), ["error", undefined, thrown]);
assert.deepEqual(state(nested), ["error", undefined, thrown]);
await end();
