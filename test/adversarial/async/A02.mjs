// A fetcher that returns something else than a promise: treated as await treats it.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state, thenable } from "./support.mjs";

for (const value of [
  undefined,
  null,
  0,
  "",
  "text",
  Symbol.iterator,
  1n,
  thenable(1),
  () => 1,
  [],
]) {
  const cell = fromPromise(() => value);
  await settled();
  assert.deepEqual(state(cell), ["success", value, undefined]);
}
await end();
