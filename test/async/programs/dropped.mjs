// Cells that were dropped without dispose give their kernel slots back, pending ones too.
import assert from "node:assert/strict";
import { asyncSignal, createResource, fromPromise } from "@signal-kernel/async-runtime";
import { engine } from "@signal-kernel/native";

const before = engine().counters;
const never = () => new Promise(() => {});

function drop() {
  for (let i = 0; i < 1000; i++) {
    fromPromise(never, { eager: false });
    fromPromise(never).reload();
    asyncSignal(async () => i);
    createResource({ trigger: "manual", run: never })[1].run(i);
  }
}

drop();
/* One that has not run has no slot. */
assert.equal(engine().counters.tasks, before.tasks + 3000);
const kept = fromPromise(never);
for (let i = 0; i < 50 && engine().counters.tasks > before.tasks + 1; i++) {
  globalThis.gc();
  await new Promise((resolve) => setImmediate(resolve));
}
assert.equal(engine().counters.tasks, before.tasks + 1);
assert.equal(kept.status(), "pending");
kept.dispose();
assert.equal(engine().counters.tasks, before.tasks);
console.log("done");
