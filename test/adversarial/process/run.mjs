/** Runs one P row of the adversarial table in this process: `node run.mjs P01`. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  signal,
  transaction,
} from "@signal-kernel/core";
import { checkEngine, engine } from "#engine";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const require = createRequire(join(root, "package.json"));
const [, , id] = process.argv;

function works() {
  const source = signal(1);
  const double = computed(() => source.get() * 2);
  const seen = [];
  const dispose = createEffect(() => void seen.push(double.get()));
  batch(() => source.set(2));
  source.set(3);
  flushSync();
  dispose();
  assert.deepEqual(seen, [2, 4, 6]);
  assert.equal(checkEngine(), undefined);
}

/** A graph that is in the midst of everything at once. */
function busy() {
  const source = signal(0);
  const never = () => new Promise(() => {});
  createEffect(() => void source.get());
  createEffect(() => void source.get(), { priority: "background" });
  fromPromise(never);
  createResource(source.get, never);
  createStreamResource(source.get, never);
  void transaction(async () => {
    source.set(1);
    await never();
  });
  source.set(2);
  return source;
}

const ROWS = {
  /** At once: what waits for a timer would be a second late. */
  async P01() {
    busy();
    fromPromise(() => Promise.reject(new Error("retried")), {
      retry: { count: 9, delayMs: 5000 },
    });
    const started = Date.now();
    process.on("exit", () => assert.ok(Date.now() - started < 4000));
    console.log("P01 done");
    process.exit(0);
  },

  P02() {
    const source = busy();
    process.on("exit", () => {
      works();
      const seen = [];
      const scope = createScope(() => createEffect(() => void seen.push(source.get())));
      source.set(7);
      flushSync();
      scope.dispose();
      assert.equal(seen.at(-1), 7);
      assert.throws(
        () =>
          transaction(() => {
            source.set(8);
            throw new Error("back");
          }),
        /back/,
      );
      assert.equal(source.get(), 7);
      console.log("P02 done");
    });
  },

  async P03() {
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const { signal, computed, createEffect, flushSync } = require(${JSON.stringify(join(root, "dist", "core.cjs"))});
      const { engine } = require(${JSON.stringify(join(root, "dist", "engine.cjs"))});
      const signals = Array.from({ length: workerData + 1 }, (_, i) => signal(i));
      const sum = computed(() => signals.reduce((all, s) => all + s.get(), 0));
      let seen = 0;
      createEffect(() => {
        seen = sum.get();
        if (workerData % 2 === 1 && signals[0].get() === 50) for (;;) parentPort.postMessage("running");
      });
      for (let round = 1; round <= 100; round++) { signals[0].set(round); flushSync(); }
      parentPort.postMessage([seen, engine().counters.nodes]);`;
    const before = engine().counters;
    const all = Array.from({ length: 20 }, async (_, i) => {
      const worker = new Worker(code, { eval: true, workerData: i });
      const ended = new Promise((resolve) => worker.once("exit", resolve));
      const first = await new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
      return [first, i % 2 === 1 ? await worker.terminate() : await ended];
    });
    const expected = (i) => [[100 + (i * (i + 1)) / 2, i + 3], 0];
    (await Promise.all(all)).forEach((ended, i) =>
      assert.deepEqual(ended, i % 2 === 1 ? ["running", 1] : expected(i)),
    );
    assert.deepEqual(engine().counters.nodes, before.nodes);
  },

  P04() {
    const load = () => {
      for (const path of Object.keys(require.cache))
        if (path.startsWith(join(root, "dist"))) delete require.cache[path];
      return require(join(root, "dist", "core.cjs"));
    };
    const [a, b] = [load(), load()];
    assert.notEqual(a.signal, b.signal);
    const [ours, theirs] = [a.signal(1), b.signal(1)];
    const seen = [];
    a.createEffect(() => void seen.push(["a", ours.get()]));
    b.createEffect(() => void seen.push(["b", theirs.get()]));
    a.batch(() => b.batch(() => [ours.set(2), theirs.set(2)]));
    assert.deepEqual(seen, [
      ["a", 1],
      ["b", 1],
      ["b", 2],
      ["a", 2],
    ]);
    assert.throws(() => a.createEffect(() => theirs.get()), { code: "ERR_SK_FOREIGN_SIGNAL" });
  },

  /** The stack ends in the midst of each public call, from many depths and in frames of many sizes. */
  P05() {
    const source = signal(0);
    const double = computed(() => source.get() * 2);
    const seen = [];
    let cleanups = 0;
    createEffect(() => {
      onCleanup(() => void cleanups++);
      seen.push(double.get());
    });
    const inner = computed(() => computed(() => double.get() + 1).get() + 1);
    const calls = {
      get: () => inner.get(),
      set: () => source.set((n) => n + 1),
      batch: () => batch(() => source.set((n) => n + 1)),
      flush: () => {
        source.set((n) => n + 1);
        flushSync();
      },
      transaction: () => transaction(() => transaction(() => source.set((n) => n + 1))),
      effect: () =>
        createEffect(() => {
          createEffect(() => void double.get());
          onCleanup(() => source.peek());
        })(),
      subscribe: () => source.subscribe(() => {})(),
      scope: () => createScope(() => createEffect(() => void source.get())).dispose(),
    };
    const FRAMES = [
      (next) => next(),
      (next, a = 1, b = 2, c = 3) => next(a, b, c),
      (next, ...rest) => next(...rest, 1, 2, 3, 4, 5, 6, 7),
    ];
    for (const [name, call] of Object.entries(calls))
      for (const frame of FRAMES) {
        let tries = 0;
        const down = () => {
          try {
            frame(down);
          } catch (error) {
            assert.ok(error instanceof RangeError, `${name}: ${error?.stack}`);
          }
          if (tries > 150) return;
          tries++;
          try {
            call();
          } catch (error) {
            const errors = error instanceof AggregateError ? error.errors : [error];
            for (const each of errors)
              assert.ok(each instanceof RangeError, `${name}: ${each?.stack}`);
          }
        };
        down();
        flushSync();
        assert.equal(checkEngine(), undefined, name);
        assert.equal(double.get(), source.get() * 2, name);
        assert.equal(seen.at(-1), double.get(), name);
        const before = seen.length;
        source.set((n) => n + 1);
        assert.equal(seen.length, before, `${name}: no batch is left open`);
        flushSync();
        assert.equal(seen.at(-1), source.get() * 2, name);
        assert.equal(seen.length, before + 1, name);
      }
    assert.ok(cleanups > 0);
    works();
  },
};

process.on("unhandledRejection", (reason) => {
  throw reason;
});
await ROWS[id]();
if (id !== "P01" && id !== "P02") {
  works();
  console.log(`${id} done`);
}
