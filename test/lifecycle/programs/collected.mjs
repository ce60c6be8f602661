/** Handles that nobody keeps are collected: never observed ones, and those whose observers are gone. */
import assert from "node:assert/strict";
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { engine } from "#engine";

const source = signal(0);
const before = engine().counters;
const counts = {};
const registry = new FinalizationRegistry((kind) => {
  counts[kind] = (counts[kind] ?? 0) + 1;
});
/* A registry that is collected calls nobody. */
globalThis.registry = registry;
const N = 20_000;

const kinds = {
  "signal never read": () => signal({}),
  "computed never read": () => computed(() => source.get()),
  "computed that was read": () => {
    const c = computed(() => source.get());
    c.get();
    return c;
  },
  "signal that an unobserved computed read": () => {
    const s = signal(1);
    computed(() => s.get()).get();
    return s;
  },
  "signal written in batch and transaction": () => {
    const s = signal(1);
    batch(() => s.set(2));
    transaction(() => s.set(3));
    try {
      transaction(() => {
        s.set(4);
        throw 0;
      });
    } catch {}
    return s;
  },
  "computed that was observed": () => {
    const c = computed(() => source.get());
    createEffect(() => void c.get())();
    return c;
  },
  "signal that was observed": () => {
    const s = signal(1);
    createEffect(() => void s.get())();
    s.set(2);
    return s;
  },
  "function of a disposed effect": () => {
    const fn = () => void source.get();
    createEffect(fn)();
    return fn;
  },
  "value of an overwritten signal": () => {
    const value = {};
    const s = signal(value);
    s.set(null);
    source.peek();
    return value;
  },
};

for (const [kind, make] of Object.entries(kinds)) {
  const n = kind.includes("observed") || kind.includes("effect") ? N / 10 : N;
  for (let i = 0; i < n; i++) registry.register(make(), kind);
}
flushSync();
for (let i = 0; i < 30; i++) {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 5));
}
for (const kind of Object.keys(kinds)) {
  const n = kind.includes("observed") || kind.includes("effect") ? N / 10 : N;
  /* The last of a kind may still be in a register or on the stack. */
  assert.ok((counts[kind] ?? 0) >= n - 2, `${kind}: ${counts[kind] ?? 0} of ${n} collected`);
}
const after = engine().counters;
assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
source.set(1);
console.log("done");
