// Resources can be disposed: 10,000 of them leave no effect, no edge and no task behind.
import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { assert, end, settled } from "./support.mjs";

const live = () => {
  const { nodes, edges, effects, tasks } = engine().counters;
  return { nodes, edges, effects, tasks };
};
const id = signal(0);
let runs = 0;
const before = live();
for (let i = 0; i < 10_000; i++) {
  createResource(id.get, async () => runs++)[1].dispose();
  createStreamResource(id.get, () => runs++)[1].dispose();
  fromPromise(async () => runs++).dispose();
}
assert.deepEqual(live(), before);
await settled();
assert.equal(runs, 20_000);
id.set(1);
await settled();
assert.equal(runs, 20_000);
await end();
