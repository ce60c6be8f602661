// cancel after the run has settled is a no-op.
import { fromPromise } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const events = [];
const onEvent = ({ type }) => events.push(type);
const good = fromPromise(async () => "value", { onEvent });
const bad = fromPromise(() => Promise.reject("no"), { onEvent });
await settled();
for (const cell of [good, bad]) cell.cancel("late");
assert.deepEqual(state(good), ["success", "value", undefined]);
assert.deepEqual(state(bad), ["error", undefined, "no"]);
assert.deepEqual(events.sort(), ["error", "start", "start", "success"]);
await end();
