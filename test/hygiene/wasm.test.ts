import { describe, expect, it } from "vitest";
import { WASM_MODULE } from "../../lib/engine/wasm/module.js";
import { hashOfSources, isCurrent } from "../../scripts/build-wasm.mjs";
import { read } from "./files.js";

describe("lib/engine/wasm/module.ts", () => {
  it("was made of the sources and flags that are here", () => {
    expect(isCurrent(), "run `npm run build:wasm`").toBe(true);
  });

  it("is stale after any change of a source", () => {
    for (const changed of [
      "native/kernel/table.c",
      "native/wasm/heap.c",
      "native/wasm/libc/string.h",
    ]) {
      const hash = hashOfSources((path) => read(path) + (path === changed ? "\n" : ""));
      expect(isCurrent(read("lib/engine/wasm/module.ts"), hash), changed).toBe(false);
    }
  });

  it("imports nothing: it is instantiated without a word about its surroundings", () => {
    const bytes = Buffer.from(WASM_MODULE, "hex");
    expect(() => new WebAssembly.Instance(new WebAssembly.Module(bytes))).not.toThrow();
    /* That of the imports is 2; types, functions, memory, exports and code must be there. */
    expect(sections(bytes)).toEqual(expect.arrayContaining([1, 3, 5, 7, 10]));
    expect(sections(bytes)).not.toContain(2);
  });
});

/** The numbers of the sections of a module, in order. */
function sections(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    found.push(bytes[at++] as number);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += length;
  }
  return found;
}
