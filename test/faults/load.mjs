/**
 * The library, with a kernel of its own, on an engine for tests: on the addon that SK_TEST_ADDON names
 * (scripts/test-addon.mjs), or on the WebAssembly module that SK_TEST_WASM does (scripts/test-wasm-faults.mjs).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const require = createRequire(dist);
const COPIES = Symbol.for("@signal-kernel/copies");
const { SK_TEST_WASM } = process.env;

/** What the newest instance of the module for tests exports. */
let wasm;

let onOpen = (_wasm) => {};

if (SK_TEST_WASM !== undefined)
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(module) {
      super(module);
      wasm = this.exports;
      onOpen(wasm);
    }
  };

/**
 * Loads every file of the library anew.
 *
 * @param begin Gets what the module exports, before it is asked for a kernel. The addon has nothing like it.
 */
export function load(begin = () => {}) {
  onOpen = begin;
  for (const path of Object.keys(require.cache))
    if (path.startsWith(dist) || path.endsWith(".node")) delete require.cache[path];
  /* The copies of earlier rounds are over. */
  if (globalThis[COPIES]) globalThis[COPIES].length = 0;
  if (SK_TEST_WASM !== undefined) {
    const WASM_MODULE = readFileSync(SK_TEST_WASM, "hex");
    require.cache[join(dist, "wasm-module.cjs")] = { loaded: true, exports: { WASM_MODULE } };
  }
  const from = (name) => require(join(dist, `${name}.cjs`));
  const { kernel, checkEngine } = from("engine");
  const refuse = (nth, andLater) =>
    SK_TEST_WASM === undefined ? kernel.refuse(nth, andLater) : wasm.refuse(nth, andLater);
  const api = { ...from("core"), ...from("async-runtime"), ...from("snapshot") };
  return { kernel, checkEngine, refuse, ...api };
}
