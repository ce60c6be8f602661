/** N03, N05, N06, N08, N14: loading, exits and teardown. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { checkEngine, engine } from "#engine";
import {
  addonPath,
  assert,
  copyOfLibrary,
  inWorker,
  onWasm,
  rawKernel,
  require,
  root,
} from "./tools.mjs";

/** Code of a worker that has the library as `lib`, and may say something. */
const withLibrary = (body) => `
  const { parentPort } = require("node:worker_threads");
  const lib = {
    ...require(${JSON.stringify(join(root, "dist", "core.cjs"))}),
    ...require(${JSON.stringify(join(root, "dist", "engine.cjs"))}),
  };
  const say = (message) => parentPort.postMessage(message);
  ${body}`;

export const LIVES = {
  /** Two workers at once, each hard at work on a kernel of its own; the thread sanitizer runs this, too. */
  async N05() {
    const OPERATIONS = Number(process.env.SK_HAMMER_OPERATIONS ?? 1_500_000);
    const body = withLibrary(`
      const { signal, computed, createEffect, flushSync, batch, checkEngine } = lib;
      const signals = Array.from({ length: 64 }, (_, i) => signal(i));
      const sums = signals.map((s, i) => computed(() => s.get() + signals[(i * 7) % 64].get()));
      let total = 0;
      createEffect(() => { total = sums.reduce((all, s) => all + s.get(), 0); });
      let operations = 0;
      while (operations < ${OPERATIONS}) {
        batch(() => { for (const s of signals) s.set((n) => n + 1); });
        createEffect(() => void sums[operations % 64].get())();
        operations += 64 * 5 + 2;
      }
      flushSync();
      const expected = signals.reduce((all, s, i) => all + s.get() + signals[(i * 7) % 64].get(), 0);
      say({ right: total === expected, fault: checkEngine() });
    `);
    const ended = await Promise.all([inWorker(body), inWorker(body)]);
    for (const { messages, exit } of ended) {
      assert.equal(exit, 0);
      assert.deepEqual(messages, [{ right: true, fault: undefined }]);
    }
  },

  /** Loaded again and again: as ES module and as CommonJS, from the cache and past it. */
  async N06() {
    const [a, b] = [copyOfLibrary(), copyOfLibrary()];
    assert.notEqual(a.signal, b.signal);
    const [ours, theirs] = [a.signal(1), b.signal(2)];
    a.createEffect(() => void ours.get());
    assert.deepEqual([a.engine().counters.nodes, b.engine().counters.nodes], [2, 0]);
    assert.throws(() => a.createEffect(() => theirs.get()), { code: "ERR_SK_FOREIGN_SIGNAL" });

    /* In one process both formats share the engine: one of them only ever asks the other. */
    const copy = copyOfLibrary();
    const es = await import(pathToFileURL(join(root, "dist", "core.mjs")).href);
    const plain = require(join(root, "dist", "core.cjs"));
    assert.equal(plain.signal, copy.signal);
    const seen = [];
    const shared = es.signal(1);
    createEffect(() => void seen.push(shared.get()));
    batch(() => shared.set(2));
    assert.deepEqual(seen, [1, 2]);

    if (!onWasm) {
      /* The file itself, from require() and its cache, and by dlopen. */
      const addon = require(addonPath);
      assert.equal(require(addonPath), addon);
      delete require.cache[require.resolve(addonPath)];
      const again = require(addonPath);
      const task = addon.taskCreate(0);
      assert.deepEqual([addon.stats().tasks, again.stats().tasks], [1, 0]);
      addon.taskDispose(task);
    }
    const kernels = Array.from({ length: 50 }, () => rawKernel());
    kernels.forEach((kernel, i) => {
      for (let n = 0; n < i; n++) kernel.taskCreate(0);
    });
    assert.deepEqual(
      kernels.map((kernel) => kernel.stats().tasks),
      kernels.map((_, i) => i),
    );
    /* And in workers, where the file is loaded while it is already. */
    const workers = await Promise.all(
      [1, 2, 3].map(() => inWorker(withLibrary("lib.signal(1); say(lib.engine().kind);"))),
    );
    for (const { messages, exit } of workers)
      assert.deepEqual([messages, exit], [[engine().kind], 0]);
    assert.equal(checkEngine(), undefined);
  },

  /** What is still held when an environment ends: finalizers come after the kernel, and find no harm. */
  async N08() {
    const body = withLibrary(`
      const held = [];
      globalThis.held = held;
      globalThis.registry = new FinalizationRegistry((dispose) => dispose());
      const source = lib.signal(0);
      for (let i = 0; i < 2000; i++) {
        const c = lib.computed(() => source.get() + i);
        const dispose = lib.createEffect(() => void c.get());
        held.push(c, dispose, lib.kernel.view(1), lib.kernel.view(2));
        registry.register(c, dispose);
      }
      globalThis.words = lib.kernel.view(0);
      globalThis.scope = lib.createScope();
      scope.run(() => lib.createEffect(() => void source.get()));
      source.set(1);
      lib.transaction(async () => { source.set(2); await new Promise(() => {}); });
      say("held");`);
    for (let i = 0; i < 4; i++) {
      const { messages, exit } = await inWorker(body);
      assert.deepEqual([messages, exit], [["held"], 0]);
    }
    /* Here as well: whoever started this program sees how it ends. */
    globalThis.kept = [rawKernel(), rawKernel()].map((kernel) => [kernel, kernel.view(1)]);
  },

  /** Calls when the process is on its way out, and from finalizers. */
  async N14() {
    const source = signal(0);
    const seen = [];
    createEffect(() => void seen.push(source.get()));
    const collected = [];
    globalThis.registry = new FinalizationRegistry((n) => {
      batch(() => source.set((value) => value + n));
      collected.push(computed(() => source.get()).get());
      createEffect(() => void source.get())();
    });
    (() => {
      for (let i = 0; i < 100; i++)
        globalThis.registry.register(
          computed(() => i),
          1,
        );
    })();
    for (let i = 0; i < 50 && collected.length < 90; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.ok(collected.length >= 90, `${collected.length} finalizers have run`);
    assert.equal(seen.at(-1), source.get());

    process.on("exit", () => {
      transaction(() => source.set(1000));
      assert.equal(seen.at(-1), 1000);
      queueMicrotask(() => source.set(2000));
      Promise.resolve().then(() => source.set(3000));
      rawKernel().sync();
      assert.equal(checkEngine(), undefined);
      source.set(4000);
    });
    flushSync();
  },
};
