/** Who lives keeps nothing of what it owned and what has ended since, at once or all together. */
import assert from "node:assert/strict";
import {
  asyncComputed,
  asyncSignal,
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  valuesOf,
} from "@signal-kernel/async-runtime";
import { createEffect, createScope, signal, transaction } from "@signal-kernel/core";

const N = 500;
const id = signal(1);
const [, watched] = createResource(id.get, async (input) => input);
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Each creates something, and returns how it ends; of some that takes a while. */
const kinds = {
  effect: () => createEffect(() => {}),
  subscription: () => id.subscribe(() => {}),
  scope: () => createScope().dispose,
  fromPromise: () => fromPromise(async () => 1, { eager: false }).dispose,
  asyncSignal: () => asyncSignal(async () => 1, { eager: false })[1].dispose,
  createResource: () => createResource(id.get, async () => 1, { eager: false })[1].dispose,
  createStreamResource: () => createStreamResource(id.get, () => {})[1].dispose,
  asyncComputed: () => asyncComputed(async () => 1)[1].dispose,
  createAsyncGroup: () => createAsyncGroup().dispose,
  "meta.subscribe": () => watched.subscribe(() => {}).unsubscribe,
  "meta.values": () => iterationOver(watched.values()),
  valuesOf: () => iterationOver(valuesOf(id.get)),
  transaction: () => {
    let end;
    const done = transaction(() => new Promise((resolve) => (end = resolve)));
    return () => {
      end();
      return done;
    };
  },
};

function iterationOver(values) {
  const first = values.next();
  return async () => {
    await first;
    await values.return();
  };
}

const ways = {
  "one after another": async (make) => {
    for (let i = 0; i < N; i++) await make()();
  },
  together: async (make) => {
    const ends = Array.from({ length: N }, make);
    for (const end of ends) await end();
  },
};

async function bytesUsed() {
  for (let i = 0; i < 3; i++) {
    await turn();
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

/** What is done in an owner that lives on, and how that ends. */
const owners = {
  async scope(make, way) {
    const owner = createScope();
    await owner.run(() => way(make));
    return owner.dispose;
  },
  async effect(make, way) {
    let done;
    const dispose = createEffect(() => {
      done = way(make);
    });
    await done;
    return dispose;
  },
};

/** Bytes that are kept of each: in some rounds what the engine of JavaScript does takes memory, too. */
async function kept(own, make, way) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const before = await bytesUsed();
    const dispose = await own(make, way);
    least = Math.min(least, ((await bytesUsed()) - before) / N);
    dispose();
  }
  return least;
}

await turn();
const found = {};
for (const [kind, make] of Object.entries(kinds))
  for (const [owner, own] of Object.entries(owners))
    for (const [order, way] of Object.entries(ways)) {
      const bytes = Math.round(await kept(own, make, way));
      if (bytes > 100) found[`${kind}, in a living ${owner}, ${order}`] = bytes;
    }
assert.deepEqual(found, {});
console.log("done");
