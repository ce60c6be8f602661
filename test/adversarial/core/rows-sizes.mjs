/** C32-C38: depth, width, and memory that comes back. */
import assert from "node:assert/strict";
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { engine } from "#engine";
import { afterCollection } from "./tools.mjs";

/** A chain of computeds, each evaluated as it is built, so that no read goes deep. */
function chain(source, length) {
  let last = source;
  for (let i = 0; i < length; i++) {
    const previous = last;
    last = computed(() => previous.get() + 1);
    last.get();
  }
  return last;
}

function updateChain(length) {
  const source = signal(0);
  const end = chain(source, length);
  assert.equal(end.get(), length);
  source.set(1);
  assert.equal(end.get(), length + 1);
  const seen = [];
  const dispose = createEffect(() => void seen.push(end.get()));
  source.set(2);
  flushSync();
  dispose();
  source.set(3);
  assert.equal(end.get(), length + 3);
  assert.deepEqual(seen, [length + 1, length + 2]);
}

export const sizes = {
  C32: () => updateChain(100_000),
  C33: () => updateChain(1_000_000),

  C34() {
    const source = signal(0);
    let last = source;
    const all = [];
    for (let i = 0; i < 20_000; i++) {
      const previous = last;
      last = computed(() => previous.get() + 1);
      all.push(last);
    }
    let error;
    try {
      assert.equal(last.get(), 20_000);
    } catch (caught) {
      assert.ok(caught instanceof RangeError);
      error = caught;
    }
    /* The graph is as it was: read from the source upwards, every value is right. */
    for (const [i, c] of all.entries()) assert.equal(c.get(), i + 1);
    source.set(1);
    assert.equal(last.get(), 20_001);
    return error?.name;
  },

  C35() {
    const source = signal(0);
    let runs = 0;
    for (let i = 0; i < 1_000_000; i++)
      createEffect(() => {
        source.get();
        runs++;
      });
    source.set(1);
    flushSync();
    assert.equal(runs, 2_000_000);
  },

  C36() {
    const all = Array.from({ length: 1_000_000 }, () => signal(1));
    const sum = computed(() => all.reduce((total, s) => total + s.get(), 0));
    assert.equal(sum.get(), 1_000_000);
    all[500_000].set(2);
    assert.equal(sum.get(), 1_000_001);
    const seen = [];
    createEffect(() => void seen.push(sum.get()));
    all[0].set(2);
    flushSync();
    assert.deepEqual(seen, [1_000_001, 1_000_002]);
  },

  C37() {
    const source = signal(0);
    const before = engine().counters;
    for (let round = 0; round < 10; round++) {
      const disposers = [];
      for (let i = 0; i < 100_000; i++) disposers.push(createEffect(() => void source.get()));
      for (const dispose of disposers) dispose();
    }
    const after = engine().counters;
    assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
    /* Kernel memory of ten rounds is that of one. */
    assert.ok(after.bytes - before.bytes < 100_000 * 200, `${after.bytes - before.bytes} bytes`);
  },

  async C38() {
    const source = signal(0);
    const before = engine().counters;
    let collected = 0;
    const registry = new FinalizationRegistry(() => collected++);
    /* A registry that is collected calls nobody. */
    globalThis.registry = registry;
    (() => {
      for (let i = 0; i < 100_000; i++) {
        const c = computed(() => source.get() + i);
        c.get();
        registry.register(c, i);
      }
      for (let i = 0; i < 100; i++) {
        const c = computed(() => source.get() + i);
        createEffect(() => void c.get())();
        registry.register(c, i);
      }
    })();
    assert.ok(await afterCollection(() => collected >= 100_000), `${collected} collected`);
    const after = engine().counters;
    assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
    source.set(1);
  },
};
