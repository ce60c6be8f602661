/** N04, N09, N13, N15, N18, N19: stacks, workers that are ended, and a world that was replaced. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
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
import { checkEngine, SK_ABI } from "#engine";
import { storm } from "../../soak/storm.mjs";
import { addonPath, assert, onWasm, randomFrom, rawKernel, root, thrownBy } from "./tools.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Runs a program to its end. */
function run(args, env = {}) {
  const result = spawnSync(process.execPath, args, {
    encoding: "utf8",
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  return { status: result.status, signal: result.signal, out: result.stdout, err: result.stderr };
}

/** How many workers the storm of N04 has; `npm run soak` goes on with it. */
const WORKERS = Number(process.env.SK_STORM_WORKERS ?? (onWasm ? 80 : 200));

export const ENDS = {
  /** Workers terminated in the midst of computeds, effects, flushes, settles, transactions, snapshots. */
  async N04() {
    assert.equal(await storm(WORKERS, randomFrom(4)), WORKERS);
  },

  /** The stack ends somewhere in the library or in the kernel's callbacks, at every depth there is. */
  N09() {
    const source = signal(0);
    const double = computed(() => source.get() * 2);
    const seen = [];
    createEffect(() => void seen.push(double.get()));
    const kernel = rawKernel();
    kernel.onError((status, what) => new Error(`${status} ${what}`));
    const operations = {
      write: () => source.set((n) => n + 1),
      batch: () => batch(() => batch(() => source.set((n) => n + 1))),
      transaction: () => transaction(() => transaction(() => source.set((n) => n + 1))),
      effect: () => createEffect(() => void double.get())(),
      computed: () => computed(() => computed(() => double.get()).get()).get(),
      scope: () => createScope(() => onCleanup(() => source.peek())).dispose(),
      flush: () => flushSync(),
      "an error of the kernel": () => {
        const error = thrownBy(() => kernel.taskStart(12345));
        if (error instanceof RangeError) throw error;
      },
      views: () => kernel.view(1),
      "room that moves a block": () => kernel.reserve(2, 40_000),
      counters: () => kernel.stats(),
    };
    for (const [name, operation] of Object.entries(operations)) {
      let overflows = 0;
      /* Every frame on the way back tries, with a little more room each time. */
      const down = () => {
        try {
          down();
        } catch (error) {
          assert.ok(error instanceof RangeError, `${name}: ${error?.stack}`);
        }
        if (overflows > 400) return;
        try {
          operation();
          overflows = Number.POSITIVE_INFINITY;
        } catch (error) {
          const errors = error instanceof AggregateError ? error.errors : [error];
          for (const each of errors)
            assert.ok(each instanceof RangeError, `${name}: ${each?.stack}`);
          overflows++;
        }
      };
      down();
      assert.ok(overflows > 400, name);
      /* What was cut short is due still; from here on everything is as ever. */
      flushSync();
      assert.equal(seen.at(-1), source.get() * 2, name);
      const before = seen.length;
      source.set((n) => n + 1);
      assert.equal(seen.length, before, `${name}: no batch is left open`);
      flushSync();
      assert.equal(seen.at(-1), source.get() * 2, name);
      assert.equal(checkEngine(), undefined, name);
      assert.equal(kernel.check(), undefined, name);
    }
  },

  /** Workers that are ended inside of a function that the kernel's call has called. */
  async N13() {
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const module = { exports: {} };
      process.env.SIGNAL_KERNEL_ENGINE = workerData.onWasm ? "wasm" : "native";
      const { kernel } = require(${JSON.stringify(join(root, "dist", "engine.cjs"))});
      let calls = 0;
      kernel.onError(() => {
        calls++;
        parentPort.postMessage(calls);
        for (;;) {}
      });
      if (workerData.inBuffer) {
        /* Growing asks for the ArrayBuffer of this realm, which was taken at load. */
        for (;;) { kernel.reserve(2, 100_000); parentPort.postMessage(1); }
      }
      try { kernel.taskStart(12345); } finally { parentPort.postMessage("came back"); }
      kernel.taskStart(12345);`;
    for (let i = 0; i < 12; i++) {
      const worker = new Worker(code, {
        eval: true,
        workerData: { onWasm, inBuffer: i % 4 === 3 },
      });
      const messages = [];
      const first = new Promise((resolve) => worker.once("message", resolve));
      worker.on("message", (message) => messages.push(message));
      await first;
      assert.equal(await worker.terminate(), 1);
      assert.ok(
        messages.every((message) => message === 1),
        messages.join(),
      );
    }
    assert.equal(checkEngine(), undefined);
  },

  /** What programs and libraries do to the globals after the library has been loaded. */
  async N15() {
    for (const args of [[], ["--frozen-intrinsics"]]) {
      const { status, signal: killed, out, err } = run([...args, here("replaced.mjs")]);
      const warnings = err
        .split("\n")
        .filter((line) => !/ExperimentalWarning|--trace-warn/.test(line));
      assert.deepEqual(
        [status, killed, out, warnings.join("")],
        [0, null, "done\n", ""],
        args.join(),
      );
    }
  },

  /** The same program while garbage is collected in every way that there are flags for. */
  N18() {
    const rows = join(root, "test", "adversarial", "core", "run.mjs");
    const flags = {
      plain: [],
      "small collections": ["--stress-scavenge=30", "--max-semi-space-size=1"],
      compaction: ["--gc-global", "--stress-compaction", "--max-semi-space-size=1"],
      marking: ["--stress-incremental-marking", "--max-semi-space-size=1"],
      interval: ["--gc-interval=50"],
    };
    for (const [name, given] of Object.entries(flags))
      for (const row of ["C11", "C20", "C27", "C29", "C40"]) {
        const { status, signal: killed, err } = run(["--expose-gc", ...given, rows, row]);
        assert.deepEqual([status, killed, err], [0, null, ""], `${name}, ${row}`);
      }
  },

  /** No addon, a broken one, one of another version: a typed error that says where and what to do. */
  N19() {
    const folder = mkdtempSync(join(tmpdir(), "signal-kernel-load-"));
    const release = join(folder, "build", "Release");
    const addon = join(release, "signal_kernel.node");
    mkdirSync(join(folder, "dist"), { recursive: true });
    mkdirSync(release, { recursive: true });
    try {
      writeFileSync(join(folder, "package.json"), '{"name":"@signal-kernel/native"}');
      for (const name of ["engine.cjs", "wasm-module.cjs"])
        copyFileSync(join(root, "dist", name), join(folder, "dist", name));
      const program = `
        const { requireAddon, engine } = require(${JSON.stringify(join(folder, "dist", "engine.cjs"))});
        try { requireAddon(); console.log(engine().kind); } catch (error) {
          console.log(error.name, error.code, error.message);
        }`;
      const load = (kind) => run(["-e", program], { SIGNAL_KERNEL_ENGINE: kind });
      const refused = (pattern) => {
        const { status, signal: killed, out, err } = load("native");
        assert.deepEqual([status, killed, err], [0, null, ""]);
        assert.match(out, pattern);
        /* Nobody has asked for the addon: WebAssembly, and a warning where a file does not load. */
        const other = load("");
        assert.deepEqual([other.status, other.signal], [0, null]);
        return other;
      };
      const { platform, arch } = process;
      const place = new RegExp(
        `^EngineLoadError ERR_SK_LOAD No addon .*${platform}-${arch}.*${release}`,
      );
      assert.equal(refused(place).err, "");
      assert.equal(load("").out, "wasm\n");
      for (const content of ["", "not a library", Buffer.alloc(100_000, 0x7f)]) {
        writeFileSync(addon, content);
        const { out, err } = refused(
          /^EngineLoadError ERR_SK_LOAD The addon .*signal_kernel\.node does not load/,
        );
        assert.equal(out, "wasm\n");
        assert.match(err, /SK_WASM_FALLBACK/);
      }
      rmSync(addon);
      mkdirSync(addon);
      refused(/^EngineLoadError ERR_SK_LOAD The addon .* does not load/);
      rmSync(addon, { recursive: true });
      if (onWasm) return;
      copyFileSync(addonPath, addon);
      assert.equal(load("native").out, "native\n");
      const code = `process.dlopen = (module) => { module.exports = { abi: ${SK_ABI + 1} }; };${program}`;
      const { out } = run(["-e", code], { SIGNAL_KERNEL_ENGINE: "native" });
      assert.match(
        out,
        /^AbiMismatchError ERR_SK_ABI The addon .* has ABI \d+, this library needs \d+/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
