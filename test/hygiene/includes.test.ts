/**
 * The include hierarchy is a rule, so it is a test: the kernel knows its own headers and freestanding
 * ones, the addon the public header and Node's, the WebAssembly build the public header and its own.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const native = join(import.meta.dirname, "..", "..", "native");

function includes(folder: string): [file: string, header: string][] {
  const files = readdirSync(join(native, folder)).filter((file) => file.includes("."));
  return files.flatMap((file) =>
    [
      ...readFileSync(join(native, folder, file), "utf8").matchAll(/^#include [<"]([^>"]+)[>"]/gm),
    ].map((match): [string, string] => [`${folder}/${file}`, match[1] as string]),
  );
}

describe("include hierarchy", () => {
  test("the public header needs nothing but the compiler's types", () => {
    const allowed = new Set(["stddef.h", "stdint.h"]);
    expect(includes("include").filter(([, header]) => !allowed.has(header))).toEqual([]);
  });

  test("the kernel includes kernel headers and freestanding ones only", () => {
    const allowed = new Set([
      "kernel.h",
      "signal_kernel.h",
      "assert.h",
      "stdbool.h",
      "stddef.h",
      "stdint.h",
      "string.h",
    ]);
    expect(includes("kernel").filter(([, header]) => !allowed.has(header))).toEqual([]);
  });

  test("the addon sees the kernel through its public header only", () => {
    const own = includes("napi").map(([, header]) => header);
    expect(own).toContain("signal_kernel.h");
    expect(own).not.toContain("kernel.h");
    expect(own.filter((header) => header.includes("/"))).toEqual([]);
  });
});

describe("the WebAssembly build", () => {
  test("sees the kernel through its public header, and needs no C library", () => {
    const allowed = new Set([
      "signal_kernel.h",
      "heap.h",
      "room.h",
      "stddef.h",
      "stdint.h",
      "string.h",
    ]);
    const found = includes("wasm").filter(([, header]) => !allowed.has(header));
    expect(found).toEqual([]);
    expect(includes("wasm/libc").map(([, header]) => header)).toEqual(["stddef.h"]);
  });

  test("gives the kernel every header that it does not have itself", () => {
    const given = readdirSync(join(native, "wasm", "libc"));
    const wanted = includes("kernel").map(([, header]) => header);
    const known = ["kernel.h", "signal_kernel.h", "stdbool.h", "stddef.h", "stdint.h"];
    expect([...new Set(wanted.filter((header) => !known.includes(header)))].sort()).toEqual(given);
  });
});

describe("kernel state", () => {
  test("no C file of kernel, addon or WebAssembly build has a variable of its own", () => {
    const found = ["kernel", "napi", "wasm"].flatMap((folder) =>
      readdirSync(join(native, folder)).flatMap((file) => {
        if (!/\.\w+$/.test(file)) return [];
        const text = readFileSync(join(native, folder, file), "utf8");
        return [...text.matchAll(/^static (?!const\b)[^(\n]*[;=].*$/gm)].map(
          (match) => `${folder}/${file}: ${match[0]}`,
        );
      }),
    );
    expect(found).toEqual([]);
  });
});
