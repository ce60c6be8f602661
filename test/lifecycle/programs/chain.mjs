/** A chain of a million computeds, built from the source upwards, observed from the far end. */
import assert from "node:assert/strict";
import { computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { engine } from "#engine";

const LENGTH = 1_000_000;
const before = engine().counters;
const source = signal(0);
let last = source;
const watch = process.argv[2] === "observed while built" ? [] : null;
for (let i = 0; i < LENGTH; i++) {
  const previous = last;
  last = computed(() => previous.get() + 1);
  last.get();
  if (watch !== null && i % 1000 === 999) {
    const read = last.get;
    watch.push(createEffect(() => void read()));
  }
}
const end = last;
const seen = [];
const dispose = createEffect(() => void seen.push(end.get()));
assert.equal(engine().counters.nodes - before.nodes >= LENGTH + 2, true);
for (let i = 1; i <= 3; i++) {
  source.set(i);
  flushSync();
}
assert.throws(
  () =>
    transaction(() => {
      source.set(99);
      assert.equal(end.get(), LENGTH + 99);
      throw new Error("rolled back");
    }),
  /rolled back/,
);
assert.equal(end.get(), LENGTH + 3);
assert.deepEqual(
  seen,
  [0, 1, 2, 3].map((n) => LENGTH + n),
);
dispose();
for (const stop of watch ?? []) stop();
const after = engine().counters;
assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
source.set(4);
assert.equal(end.get(), LENGTH + 4);
last = null;
globalThis.gc();
console.log("done");
