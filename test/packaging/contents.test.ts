import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { node, type Packed, packAll, ROOT, remove, temporaryFolder } from "./project.js";

const tarballs = temporaryFolder();
let packages: Packed[];

beforeAll(() => {
  packages = packAll(tarballs);
});
afterAll(() => remove(tarballs));

const NAMES = [
  "@signal-kernel/native",
  "@signal-kernel/async-runtime",
  "@signal-kernel/core",
  "@signal-kernel/react",
  "@signal-kernel/snapshot",
  "@signal-kernel/vue",
];

function named(name: string): Packed {
  const found = packages.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${name} is not packed`);
  return found;
}

/** The bundler names shared chunks by their content. */
function withoutHashes(files: readonly string[]): string[] {
  const plain = files.map((file) =>
    file.replace(/^(dist\/[\w-]+?)-[\w-]{8}(\.\w+(?:\.\w+)?)$/, "$1-*$2"),
  );
  return [...new Set(plain)].sort();
}

describe("what is packed", () => {
  it("is, for the root package, what files.txt lists", () => {
    const golden = readFileSync(new URL("fixtures/files.txt", import.meta.url), "utf8");
    expect(withoutHashes(named("@signal-kernel/native").files)).toEqual(golden.trim().split("\n"));
  });

  it("is, for a facade, its four files and three more", () => {
    for (const name of NAMES.slice(1))
      expect(named(name).files.sort()).toEqual([
        "LICENSE",
        "README.md",
        "index.cjs",
        "index.d.cts",
        "index.d.mts",
        "index.mjs",
        "package.json",
      ]);
  });

  it("has everything that binding.gyp compiles", () => {
    const gyp = readFileSync(join(ROOT, "binding.gyp"), "utf8");
    const sources = [...gyp.matchAll(/"(native\/\w+\/\w+\.cc?)"/g)].map(([, path]) => path);
    expect(sources.length).toBeGreaterThan(10);
    expect(named("@signal-kernel/native").files).toEqual(expect.arrayContaining(sources));
  });

  it("calls the engine directly from CommonJS: a namespace import would put a getter in between", () => {
    const files = readdirSync(join(ROOT, "dist")).filter((name) => name.endsWith(".cjs"));
    expect(files).toContain("core.cjs");
    const wrapped = files.filter((name) =>
      readFileSync(join(ROOT, "dist", name), "utf8").includes("__toESM("),
    );
    expect(wrapped).toEqual([]);
  });
});

describe.each(NAMES)("%s", (name) => {
  it("is clean for publint", async () => {
    const bytes = readFileSync(named(name).path);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(pkg.name).toBe(name);
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("is clean for are-the-types-wrong", () => {
    const cli = join(ROOT, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
    const { code, stdout } = node(ROOT, cli, named(name).path, "--profile", "node16", "--no-color");
    expect(code, stdout).toBe(0);
    expect(stdout).toContain(name);
  });
});
