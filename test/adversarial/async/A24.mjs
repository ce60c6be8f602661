// A cleanup throws, a producer throws after the abort: contained, later cleanups run.
import { createStreamResource } from "@signal-kernel/async-runtime";
import { assert, deferred, end, settled, state } from "./support.mjs";

const thrown = new Error("cleanup");
const gate = deferred();
const log = [];
const [text, meta] = createStreamResource(
  () => 1,
  async (_input, { onCleanup }) => {
    onCleanup(() => log.push("first"));
    onCleanup(() => {
      throw thrown;
    });
    onCleanup(() => log.push("last"));
    await gate.promise;
    throw new Error("after the abort");
  },
);
await settled();
meta.cancel();
gate.resolve();
await settled();
assert.deepEqual(log, ["last", "first"]);
assert.deepEqual(state(text, meta), ["cancelled", undefined, undefined]);
await end([thrown]);
