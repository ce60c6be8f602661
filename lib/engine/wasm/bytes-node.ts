/**
 * The bytes of the module in Node: from a file of its own, which programs that have the addon never
 * read, and decoded by the platform.
 */

/** That of CommonJS: the build for Node is dist/engine.cjs, with wasm-module.cjs beside it; the path is that from this file, as if it lay in lib/engine. */
declare function require(path: "../wasm-module.cjs"): typeof import("./module.js");

export function moduleBytes(): Uint8Array<ArrayBuffer> {
  return Buffer.from(require("../wasm-module.cjs").WASM_MODULE, "hex");
}
