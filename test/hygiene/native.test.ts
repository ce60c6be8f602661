import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layout } from "../../scripts/layout.mjs";
import { files, read, tool } from "./files.js";

const HEADER = "native/include/signal_kernel.h";

function includes(path: string): string[] {
  return [...read(path).matchAll(/^\s*#\s*include\s+([<"][^>"]+[>"])/gm)].map(
    ([, name]) => name as string,
  );
}

/* What the kernel itself may include: includes.test.ts. */
describe("the sources of addon and build", () => {
  it("addon: the public header, its own, N-API and the standard library, nothing of the kernel", () => {
    const paths = files(/^native\/napi\//);
    const own = paths.filter((path) => path.endsWith(".h")).map((path) => `"${basename(path)}"`);
    const allowed = new Set(['"signal_kernel.h"', ...own]);
    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths)
      for (const name of includes(path))
        if (name.startsWith('"')) expect([...allowed], `${path} includes ${name}`).toContain(name);
        else
          expect(name, path).toMatch(
            /^<(napi|node_api|math|stdio|stdlib|string|stdint|stddef)\.h>$/,
          );
    for (const path of paths) expect(read(path), path).not.toMatch(/\bsk__/);
  });

  it("nothing above includes a source file", () => {
    for (const path of files(/^native\/.*\.(c|h|cc)$/))
      for (const name of includes(path)) expect(name, path).not.toMatch(/\.cc?[>"]$/);
  });

  it("binding.gyp compiles every source file, and no other", () => {
    const listed = [...read("binding.gyp").matchAll(/"(native\/\w+\/\w+\.cc?)"/g)].map((m) => m[1]);
    expect([...listed].sort()).toEqual(files(/^native\/(kernel|napi)\/.*\.cc?$/).sort());
    expect(new Set(listed).size).toBe(listed.length);
  });
});

describe("the compiled kernel", () => {
  let folder: string;
  let symbols: { kind: string; name: string; path: string }[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "signal-kernel-symbols-"));
    symbols = files(/^native\/kernel\/.*\.c$/).flatMap((path) => {
      const object = join(folder, `${basename(path)}.o`);
      /* Not optimised: an optimiser drops the static that this looks for. */
      tool("cc", ["-std=c11", "-O0", "-DNDEBUG", "-Inative/include", "-c", path, "-o", object]);
      const lines = tool("nm", ["--format=posix", object]).trim().split("\n");
      return lines.map((line) => {
        const [name = "", kind = ""] = line.split(" ");
        return { name, kind, path };
      });
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const show = (found: typeof symbols) => found.map(({ path, name }) => `${path}: ${name}`);

  it("has no variables: all state is in the kernel that is passed in", () => {
    expect(symbols.some(({ kind, name }) => kind === "T" && name === "sk_flush")).toBe(true);
    expect(show(symbols.filter(({ kind }) => "BbDdCSsGg".includes(kind)))).toEqual([]);
  });

  it("needs no library beyond memory copies", () => {
    const defined = new Set(symbols.filter(({ kind }) => kind !== "U").map(({ name }) => name));
    const needed = symbols.filter(({ kind, name }) => kind === "U" && !defined.has(name));
    const allowed = [
      "memcpy",
      "memmove",
      "memset",
      "memcmp",
      "_GLOBAL_OFFSET_TABLE_",
      "__stack_chk_fail",
    ];
    expect(show(needed.filter(({ name }) => !allowed.includes(name)))).toEqual([]);
    expect(needed.map(({ name }) => name)).toContain("memcpy");
  });

  it("keeps to its prefixes: sk_ in public, sk__ inside, both between files only", () => {
    const visible = symbols.filter(({ kind }) => kind === "T");
    expect(show(visible.filter(({ name }) => !name.startsWith("sk_")))).toEqual([]);
    const header = read(HEADER);
    for (const { name } of visible)
      if (!name.startsWith("sk__")) expect(header, `${name} is declared`).toContain(`${name}(`);
  });
});

describe("lib/engine/layout.ts", () => {
  const current = read("lib/engine/layout.ts");

  it("is what the header says", () => {
    expect(current, "run `npm run layout`").toBe(layout(read(HEADER)));
  });

  it("is stale after any change of a constant", () => {
    const changed = read(HEADER).replace(/#define SK_SLOT_WORDS \d+u/, "#define SK_SLOT_WORDS 12u");
    expect(layout(changed)).not.toBe(current);
    expect(layout(changed)).toContain("export const SK_SLOT_WORDS = 12;");
  });

  it("refuses a constant that it cannot read", () => {
    expect(() => layout("#define SK_BITS (1u << 3)\n")).toThrow("SK_BITS");
    expect(() => layout("enum sk_bits { SK_BIT = sizeof(int) };")).toThrow("SK_BIT");
    expect(layout("#define SK_BITS 0x10u\nenum sk_bits { SK_BIT = SK_BITS, SK_NEXT };")).toMatch(
      /SK_BITS = 16;\n.*SK_BIT = 16;\n.*SK_NEXT = 17;/,
    );
  });

  it("has the numbers that a C compiler gives the names", () => {
    const constants = [...current.matchAll(/^export const (\w+) = (-?\d+);$/gm)];
    expect(constants.length).toBeGreaterThan(60);
    const folder = mkdtempSync(join(tmpdir(), "signal-kernel-layout-"));
    try {
      const lines = constants.map(([, name]) => `  printf("${name} %lld\\n", (long long)${name});`);
      const source = join(folder, "print.c");
      writeFileSync(
        source,
        `#include <stdio.h>\n#include "signal_kernel.h"\nint main(void) {\n${lines.join("\n")}\n}\n`,
      );
      tool("cc", ["-std=c11", "-Inative/include", source, "-o", join(folder, "print")]);
      const printed = tool(join(folder, "print"), []).trim().split("\n");
      expect(constants.map(([, name, value]) => `${name} ${value}`)).toEqual(printed);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("names every enumerator and error code of the header", () => {
    const plain = read(HEADER).replace(/\/\*[\s\S]*?\*\//g, "");
    const named = new Set(plain.match(/\bSK_(?!_)[A-Z][A-Z0-9_]*\b/g));
    named.delete("SK_ERRORS");
    for (const name of named)
      expect(current, name).toMatch(new RegExp(`^export const ${name} =`, "m"));
    for (const [, , code] of plain.matchAll(/X\((\w+), -\d+, "(\w+)"\)/g))
      expect(current).toContain(`"${code}"`);
  });
});
