import { describe, expect, it } from "vitest";
import { WASM_MODULE } from "../../lib/engine/wasm/module.js";
import { compile, hashOfSources, isCurrent } from "../../scripts/build-wasm.mjs";
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

  it("is made the same each time, and imports nothing", () => {
    const bytes = compile();
    expect(compile().equals(bytes)).toBe(true);
    for (const module of [bytes, Buffer.from(WASM_MODULE, "base64")]) {
      const compiled = new WebAssembly.Module(module);
      expect(() => new WebAssembly.Instance(compiled)).not.toThrow();
      /* A list of its own in the format of the module: section 2. */
      expect(sections(module)).not.toContain(2);
    }
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
