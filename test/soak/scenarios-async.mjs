/** Scenarios of asynchronous work: cells of all kinds, groups, asynchronous transactions. */
import assert from "node:assert/strict";
import {
  asyncComputed,
  createAsyncGroup,
  createKeyedRevision,
  createResource,
  createStreamResource,
  fromPromise,
  valuesOf,
} from "@signal-kernel/async-runtime";
import { createEffect, createScope, settled, signal, transaction } from "@signal-kernel/core";

const range = (count) => Array.from({ length: count }, (_, i) => i);
const pass = () => new Promise((resolve) => setImmediate(resolve));
const never = () => new Promise(() => {});
const soon = async (value) => {
  await pass();
  return value;
};

/** A producer that succeeds, fails, fails at once, listens to its abort, or never ends. */
function producerOf(random) {
  return (input, { signal: aborted }) => {
    switch (random(6)) {
      case 0:
        throw new Error("at once");
      case 1:
        return Promise.reject(new Error("rejected"));
      case 2:
        return never();
      case 3:
        return new Promise((resolve) => aborted.addEventListener("abort", () => resolve(input)));
      case 4:
        return input;
      default:
        return soon(input);
    }
  };
}

export const asynchronous = {
  /** Resources on sources that live: superseded, reloaded, cancelled, retried, timed out, disposed. */
  resources() {
    const sources = range(10).map((i) => signal(i));
    const revision = createKeyedRevision();
    return {
      async round(random) {
        const scope = createScope({ onError: () => {} });
        const produce = producerOf(random);
        const cells = scope.run(() =>
          range(10).map((i) =>
            createResource(sources[i].get, produce, {
              name: i % 3 === 0 ? `cell ${i}` : undefined,
              timeoutMs: i % 4 === 0 ? 5 : undefined,
              retry: i % 5 === 0 ? { count: 2, delayMs: 1 } : undefined,
              onError: () => {},
              priority: i % 2 ? "background" : "normal",
            }),
          ),
        );
        for (const [value, meta] of cells)
          scope.run(() => createEffect(() => void [value(), meta.status()]));
        const save = scope.run(() =>
          createResource({
            trigger: "manual",
            run: soon,
            invalidates: (n) => [revision.target(n)],
          }),
        );
        void save[1].run(random(5));
        for (let i = 0; i < 5; i++) {
          sources[random(10)].set(random(1000));
          void cells[random(10)][1].reload();
          cells[random(10)][1].cancel("enough");
          await (i % 2 ? null : pass());
        }
        cells[0][1].dispose();
        await Promise.race([settled(scope), pass()]);
        scope.dispose();
        await pass();
      },
    };
  },

  /** Streams: pushed, iterated, with back-pressure, cut short by whoever there is. */
  streams() {
    const source = signal(0);
    const counts = { opened: 0, closed: 0 };
    async function* chunks(input, { signal: aborted }) {
      counts.opened++;
      try {
        for (let i = 0; i < 4 && !aborted.aborted; i++) {
          yield input + i;
          await pass();
        }
      } finally {
        counts.closed++;
      }
    }
    return {
      async round(random) {
        const scope = createScope({ onError: () => {} });
        const all = scope.run(() => [
          createStreamResource(source.get, chunks),
          createStreamResource(source.get, (input, ctx) => {
            ctx.onCleanup(() => {});
            for (let i = 0; i < 5; i++) ctx.emit(input + i);
            if (random(2)) ctx.done();
            else ctx.fail(new Error("failed"));
          }),
          createStreamResource(source.get, () => {
            let left = 5;
            return new ReadableStream({
              pull: (controller) => (left-- > 0 ? controller.enqueue(left) : controller.close()),
            });
          }),
        ]);
        const iterating = scope.run(async () => {
          for await (const value of valuesOf(all[1][0])) if (value > source.peek() + 2) break;
        });
        const subscription = all[0][1].subscribe?.(() => {});
        await pass();
        source.set(random(100));
        await pass();
        all[random(3)][1].cancel();
        void all[random(3)][1].reload();
        await pass();
        subscription?.unsubscribe();
        scope.dispose();
        await iterating;
        for (let i = 0; i < 20 && counts.opened !== counts.closed; i++) await pass();
        assert.equal(counts.closed, counts.opened);
      },
    };
  },

  /** Promises as cells, asynchronous computeds, groups, optimistic values, cells that nobody disposes. */
  cells() {
    const id = signal(0);
    return {
      async round(random) {
        const scope = createScope({ onError: () => {} });
        await scope.run(async () => {
          const group = createAsyncGroup();
          const [a] = createResource(id.get, soon, { group });
          const [b] = createResource(id.get, soon, { group });
          const shown = group.committed(id.get);
          createEffect(() => void [a(), b(), shown()]);
          const [c] = asyncComputed(async ({ get, signal: aborted }) => {
            aborted.addEventListener("abort", () => {});
            const first = id.get();
            await pass();
            return first + get(id.get);
          });
          createEffect(() => void c());
          const cell = fromPromise({ run: soon });
          void cell.run(1);
          void cell.run(2);
          const [, meta] = createResource(id.get, soon);
          void meta.mutate?.((n) => n, { run: async () => random(2) || never() });
          id.set(random(100));
          await pass();
          id.set(random(100));
          await settled(scope);
          meta.cancel();
        });
        scope.dispose();
        /* These have no scope and are not disposed; nobody keeps them. */
        for (let i = 0; i < 20; i++) fromPromise(never);
        await pass();
      },
    };
  },

  /** Asynchronous transactions: nested, in conflict, retried, merged, optimistic, aborted. */
  stagings() {
    const merge = (base, theirs, mine) => theirs + mine - base;
    const plain = range(10).map((i) => signal(i));
    const merged = range(5).map(() => signal(0, { merge }));
    createEffect(() => void plain.reduce((sum, s) => sum + s.get(), 0));
    const ignore = (promise) => promise.catch(() => {});
    return {
      async round(random, number) {
        const controller = new AbortController();
        const scope = createScope();
        const write = (depth) => async (tx) => {
          tx.set(plain[random(10)], random(100));
          if (random(3) === 0) tx.optimistic(plain[random(10)], -1);
          await pass();
          if (depth > 0) await ignore(transaction(write(depth - 1)));
          if (random(5) === 0) throw new Error("taken back");
        };
        const all = [
          ...range(4).map(() => ignore(transaction(write(2), { onConflict: "retry", retries: 3 }))),
          ignore(transaction(write(1), { signal: controller.signal })),
          ignore(transaction(write(1), { isolation: "serializable" })),
          ignore(transaction(write(0), { priority: "background" })),
          ...merged.map((s) =>
            transaction(async (tx) => {
              tx.set(s, tx.get(s) + 1);
              await pass();
            }),
          ),
        ];
        /* These go on for ever: the scope and the signal end them. */
        const endless = async (tx) => {
          tx.set(plain[0], 1);
          await never();
        };
        const left = [
          ignore(scope.run(() => transaction(endless))),
          ignore(transaction(endless, { signal: controller.signal })),
        ];
        plain[random(10)].set(random(100));
        await pass();
        controller.abort();
        scope.dispose();
        await Promise.all([...all, ...left]);
        assert.ok(merged.every((s) => s.get() === number));
      },
    };
  },
};
