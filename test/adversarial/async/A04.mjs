// A thenable whose `then` is a getter that throws: status error.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state, thenable } from "./support.mjs";

const thrown = new Error("getter");
const THEN = "then";
const hostile = () =>
  Object.defineProperty({}, THEN, {
    get() {
      throw thrown;
    },
  });
const direct = fromPromise(hostile);
const nested = fromPromise(() => thenable((resolve) => queueMicrotask(() => resolve(hostile()))));
await settled();
assert.deepEqual(state(direct), ["error", undefined, thrown]);
assert.deepEqual(state(nested), ["error", undefined, thrown]);
await end();
