/**
 * Takes the place of load.ts in the build for browsers: there is one engine.
 */
import { type Loaded, loadedBy } from "./loaded.js";
import { loadWasm } from "./wasm/load.js";

export function loadEngine(): Loaded {
  return loadedBy(loadWasm);
}
