/**
 * The library in other realms, as test runners load it: each vm context evaluates the files anew, with globals
 * of its own, while Node has loaded the addon long since.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { createEffect, flushSync, signal } from "@signal-kernel/core";
import { engine } from "#engine";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const outer = createRequire(join(root, "package.json"));
const GIVEN =
  `process Buffer setTimeout clearTimeout setImmediate queueMicrotask performance AbortController
  AbortSignal Event EventTarget MessageChannel console structuredClone DOMException WebAssembly`.split(
    /\s+/,
  );

/** A realm with a loader of CommonJS of its own. */
function realm() {
  const context = vm.createContext(
    Object.fromEntries(GIVEN.map((name) => [name, globalThis[name]])),
  );
  vm.runInContext("globalThis.global = globalThis", context);
  const loaded = new Map();
  const load = (path) => {
    if (loaded.has(path)) return loaded.get(path).exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const code = `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, "utf8")}\n})`;
    const inner = (name) => {
      const at = name === "#engine" ? join(root, "dist", "engine.cjs") : join(dirname(path), name);
      return name.startsWith("#") || name.startsWith(".") ? load(at) : outer(name);
    };
    vm.runInContext(code, context, { filename: path })(
      module.exports,
      inner,
      module,
      path,
      dirname(path),
    );
    return module.exports;
  };
  return {
    ...load(join(root, "dist", "index.cjs")),
    run: (code) => vm.runInContext(code, context),
  };
}

const mine = signal(1);
const seen = [];
createEffect(() => void seen.push(mine.get()));

const realms = Array.from({ length: 5 }, realm);
for (const [at, there] of realms.entries()) {
  assert.equal(there.engine().kind, engine().kind);
  const a = there.signal(at, { name: "there" });
  const c = there.computed(() => a.get() * 2);
  const log = [];
  there.createEffect(() => void log.push(c.get()));
  there.batch(() => a.set(10));
  assert.throws(
    () =>
      there.transaction(() => {
        a.set(99);
        throw new Error("taken back");
      }),
    /taken back/,
  );
  assert.deepEqual(log, [at * 2, 20]);
  assert.equal(there.engine().counters.effects, 1);

  /* Errors are of that realm; values are nobody's. */
  const cycle = there.computed(() => cycle.get());
  assert.throws(cycle.get, (error) => error instanceof there.CycleError);
  const list = there.run("[1, 2]");
  a.set(() => list);
  assert.equal(a.get(), list);

  /* Promises of either realm. */
  const [value] = there.createResource(a.get, async () => 7);
  const [other] = there.createResource(a.get, () => there.run("Promise.resolve(8)"));
  await there.settled();
  assert.deepEqual([value(), other()], [7, 8]);
  await there.transaction(async (tx) => tx.set(a, 3));
  assert.equal(a.get(), 3);
  /* A stack that functions of this realm fill: the error passes through, and it works afterwards. */
  const depth = there.signal(1e6);
  const sink = (n) => (n === 0 ? 0 : sink(n - 1) + 1);
  const deep = there.computed(() => sink(depth.get()));
  assert.throws(deep.get, { name: "RangeError" });
  depth.set(3);
  assert.equal(deep.get(), 3);
}
assert.equal(engine().counters.effects, 1);
mine.set(2);
flushSync();
assert.deepEqual(seen, [1, 2]);
console.log("done");
