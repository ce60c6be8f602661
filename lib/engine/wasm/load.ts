/**
 * Instantiates the WebAssembly module: at once, or where a page must not compile on its main thread,
 * when it is asked to.
 */
import type { Addon } from "../../../types/addon.js";
import { AbiMismatchError, EngineLoadError } from "../errors.js";
import { SK_ABI } from "../layout.js";
import { type Loaded, standIn } from "../loaded.js";
import { moduleBytes } from "./bytes.js";
import { createWasmEngine } from "./kernel.js";

function engineOf(instance: WebAssembly.Instance): Addon {
  const engine = createWasmEngine(instance);
  if (engine.abi !== SK_ABI)
    throw new AbiMismatchError("lib/engine/wasm/module.ts", engine.abi, SK_ABI);
  return engine;
}

function refused(cause: unknown): EngineLoadError {
  return new EngineLoadError(
    "The WebAssembly engine does not load. Where a Content-Security-Policy restricts scripts, its " +
      `script-src needs 'wasm-unsafe-eval'. (${cause instanceof Error ? cause.message : cause})`,
    { cause },
  );
}

/** An engine that has to be started, since this thread must not wait for the compiler. */
function waiting(cause: unknown): Loaded {
  const addon = standIn(
    new EngineLoadError(
      "This page must not compile WebAssembly while it waits: call `await init()` of " +
        "@signal-kernel/native before the first effect, transaction or asynchronous cell.",
      { cause },
    ),
  );
  const start = async () => {
    let instance: WebAssembly.Instance;
    try {
      ({ instance } = await WebAssembly.instantiate(moduleBytes()));
    } catch (error) {
      throw refused(error);
    }
    Object.assign(addon, engineOf(instance));
  };
  return { addon, kind: "wasm", path: undefined, error: undefined, start };
}

/** Throws EngineLoadError where WebAssembly is missing or forbidden. */
export function loadWasm(): Loaded {
  if (typeof WebAssembly !== "object")
    throw new EngineLoadError(
      "There is no engine: the native addon is not there, and this environment has no WebAssembly.",
    );
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  } catch (error) {
    /* What Chromium says of a module that is too large for the main thread. */
    if (error instanceof RangeError) return waiting(error);
    throw refused(error);
  }
  const addon = engineOf(instance);
  return { addon, kind: "wasm", path: undefined, error: undefined, start: null };
}
