#!/usr/bin/env node
// @ts-check
// How many calls JavaScript makes into the kernel in fixed scenarios. SIGNAL_KERNEL_ENGINE chooses the
// engine; both must make the same. Prints JSON: the calls by scenario.

import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  signal,
  transaction,
} from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import {
  captureSnapshot,
  createSnapshotScope,
  encodeJsonSnapshot,
  restoreSnapshot,
} from "@signal-kernel/snapshot";
import { verify } from "../shapes/verify.js";

const MANY = 1_000;

/** @type {Record<string, number>} */
const calls = {};

/** Counts the calls that `work` makes. @param {string} name @param {() => unknown} work */
async function count(name, work) {
  const before = engine().counters.crossings;
  await work();
  calls[name] = engine().counters.crossings - before;
}

/** @template T @param {(i: number) => T} make */
const times = (make, many = MANY) => Array.from({ length: many }, (_, i) => make(i));

// ---- what needs no kernel

await count("signals made, read and written", () => {
  for (const one of times((i) => signal(i))) one.set(one.get() + 1);
});
await count("computeds nobody observes", () => {
  const source = signal(0);
  const all = times((i) => computed(() => source.get() + i));
  for (const one of all) one.get();
  source.set(1);
  for (const one of all) one.get();
});

// ---- effects

/** @type {ReturnType<typeof signal<number>>[]} */
const sources = times((i) => signal(i));
/** @type {(() => void)[]} */
let disposers = [];
let runs = 0;

await count("effects made", () => {
  disposers = sources.map((one) =>
    createEffect(() => {
      one.get();
      runs++;
    }),
  );
});
await count("reads of observed signals", () => {
  for (const one of sources) one.get();
});
await count("a batch of 1,000 writes", () =>
  batch(() => {
    for (const one of sources) one.set((n) => n + 1);
  }),
);
verify(runs, 2 * MANY, "runs of the effects");
await count("1,000 batches of one write", () => {
  for (const one of sources) batch(() => one.set((n) => n + 1));
});
await count("1,000 writes and a microtask", async () => {
  for (const one of sources) one.set((n) => n + 1);
  await Promise.resolve();
});
verify(runs, 4 * MANY, "runs of the effects");
await count("effects disposed", () => {
  for (const dispose of disposers) dispose();
  flushSync();
});

// ---- graphs

/** @param {() => void} body */
const effect = (body) => {
  const dispose = createEffect(body);
  return dispose;
};

{
  const head = signal(0);
  const arms = times((i) => computed(() => head.get() + i), 10);
  const sum = computed(() => arms.reduce((all, one) => all + one.get(), 0));
  const dispose = effect(() => {
    sum.get();
  });
  await count("100 writes to a diamond of ten", () => {
    for (let i = 1; i <= 100; i++) batch(() => head.set(i));
  });
  await count("100 reads of an observed computed in a batch that writes", () =>
    batch(() => {
      for (let i = 1; i <= 100; i++) {
        head.set(-i);
        sum.get();
      }
    }),
  );
  dispose();
}
{
  const which = signal(false);
  const [left, right] = [signal(1), signal(2)];
  const dispose = effect(() => {
    (which.get() ? left : right).get();
  });
  await count("100 changes of a dependency", () => {
    for (let i = 0; i < 100; i++) batch(() => which.set((is) => !is));
  });
  dispose();
}
{
  const source = signal(0);
  const copy = signal(0);
  const stop = [
    effect(() => copy.set(source.get())),
    effect(() => {
      copy.get();
    }),
  ];
  await count("100 writes to an effect that writes", () => {
    for (let i = 1; i <= 100; i++) batch(() => source.set(i));
  });
  for (const dispose of stop) dispose();
}
await count("100 scopes of ten effects, made and disposed", () => {
  const source = signal(0);
  for (let i = 0; i < 100; i++) {
    const scope = createScope(() => {
      for (let e = 0; e < 10; e++) createEffect(() => void source.get());
    });
    scope.dispose();
  }
});

// ---- transactions

{
  const [a, b] = [signal(0), signal(0)];
  const dispose = effect(() => {
    a.get();
    b.get();
  });
  const write = () => {
    a.set((n) => n + 1);
    b.set((n) => n + 1);
  };
  await count("100 transactions committed", () => {
    for (let i = 0; i < 100; i++) transaction(write);
  });
  await count("100 transactions rolled back", () => {
    for (let i = 0; i < 100; i++) {
      try {
        transaction(() => {
          write();
          throw new Error("taken back");
        });
      } catch {
        // As intended.
      }
    }
  });
  verify(a.get(), 100, "what was committed");
  await count("100 asynchronous transactions", async () => {
    for (let i = 0; i < 100; i++)
      await transaction(async () => {
        write();
      });
  });
  dispose();
}

// ---- asynchronous cells

{
  const cell = fromPromise(async () => 1, { eager: false });
  const dispose = effect(() => {
    cell.value();
    cell.status();
  });
  await count("100 runs, awaited, one observer", async () => {
    for (let i = 0; i < 100; i++) await cell.reload();
  });
  await count("100 runs superseded at once", async () => {
    let last;
    for (let i = 0; i < 100; i++) last = cell.reload();
    await last;
  });
  dispose();
}
{
  const id = signal(0);
  const [value, meta] = createResource(id.get, async (n) => n);
  const dispose = effect(() => {
    value();
  });
  await meta.promise();
  await count("100 runs of a resource by its source", async () => {
    for (let i = 1; i <= 100; i++) {
      batch(() => id.set(i));
      await meta.promise();
    }
  });
  verify(value(), 100, "the last value");
  dispose();
  meta.dispose();
}
{
  /** @type {(chunk: number) => void} */
  let emit = () => {};
  /** @type {() => void} */
  let begun = () => {};
  const begins = new Promise((resolve) => {
    begun = () => resolve(undefined);
  });
  const [value, meta] = createStreamResource(
    () => 1,
    (_input, /** @type {{ emit: (chunk: number) => void }} */ context) => {
      emit = context.emit;
      begun();
    },
    { initialValue: 0, reduce: (sum = 0, /** @type {number} */ chunk) => sum + chunk },
  );
  const dispose = effect(() => {
    value();
  });
  await begins;
  await count("100 chunks of a stream, flushed each", () => {
    for (let i = 0; i < 100; i++) {
      emit(1);
      flushSync();
    }
  });
  verify(value(), 100, "the sum of the chunks");
  dispose();
  meta.dispose();
}

// ---- snapshots

{
  const all = times((i) => signal(i));
  const scope = createSnapshotScope({ now: () => 0 });
  all.forEach((one, i) => {
    scope.signal(`node ${i}`, one);
  });
  const dispose = effect(() => {
    for (const one of all) one.get();
  });
  const document = captureSnapshot(scope);
  await count("a snapshot of 1,000 signals", () => encodeJsonSnapshot(captureSnapshot(scope)));
  for (const one of all) one.set(-1);
  flushSync();
  await count("1,000 signals restored", () => {
    restoreSnapshot(scope, document);
  });
  verify(all[7].get(), 7, "a restored value");
  dispose();
}

process.stdout.write(`${JSON.stringify(calls)}\n`);
