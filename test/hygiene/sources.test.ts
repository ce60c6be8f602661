import { describe, expect, it } from "vitest";
import { files, read } from "./files.js";

const CODE = /\.(c|h|cc|ts|mts|cts|js|mjs|cjs)$/;

function longer(paths: string[], limit: number): string[] {
  const lengths = paths.map((path) => [path, read(path).split("\n").length - 1] as const);
  return lengths
    .filter(([, lines]) => lines > limit)
    .map(([path, lines]) => `${path}: ${lines} lines`);
}

describe("sizes", () => {
  it("a C file has at most 500 lines, a file of the addon or the WebAssembly build 400", () => {
    expect(longer(files(/^native\/.*\.(c|h)$/), 500)).toEqual([]);
    expect(longer(files(/^native\/(napi|wasm)\//), 400)).toEqual([]);
  });

  it("a file of lib has at most 250 lines", () => {
    expect(longer(files(/^lib\/.*\.ts$/), 250)).toEqual([]);
  });

  it("no line of C has more than 110 columns: code has 100, a drawing may stand out", () => {
    const wide = files(/^native\/.*\.(c|cc|h)$/).flatMap((path) =>
      read(path)
        .split("\n")
        .flatMap((line, index) => (line.length > 110 ? [`${path}:${index + 1}`] : [])),
    );
    expect(wide).toEqual([]);
  });
});

describe("code that is finished", () => {
  /* Put together, so that this file does not contain them. */
  const LEFT_OVER = new RegExp(
    [
      ["TO", "DO"],
      ["FIX", "ME"],
      ["X", "XX"],
      ["HA", "CK"],
    ]
      .map((parts) => `\\b${parts.join("")}\\b`)
      .join("|"),
  );
  const PROVISIONAL = new RegExp(
    [
      ["for", "now"],
      ["place", "holder"],
    ]
      .map(([a, b]) => `\\b${a}${a === "for" ? " " : ""}${b}\\b`)
      .join("|"),
    "i",
  );

  it("has no notes of things left to do", () => {
    const found = files(CODE).filter((path) => LEFT_OVER.test(read(path)));
    expect(found).toEqual([]);
  });

  it("has nothing provisional in native, lib and scripts", () => {
    const found = files(/^(native|lib|scripts|packages)\//).filter((path) =>
      PROVISIONAL.test(read(path)),
    );
    expect(found).toEqual([]);
  });

  it("the patterns find what they are for", () => {
    expect(LEFT_OVER.test(`// ${"TO"}${"DO"}: later`)).toBe(true);
    expect(PROVISIONAL.test(`/* for${" "}now */`)).toBe(true);
    expect(PROVISIONAL.test(`/* a place${""}holder */`)).toBe(true);
  });

  it("skips no test and singles none out", () => {
    const marked =
      /\b(?:it|test|describe|suite|bench)(?:\.\w+)*\.(?:skip|only|todo|fails|skipIf|runIf)\b|\b(?:xit|xdescribe|fit|fdescribe)\(/;
    expect(marked.test(`it${"."}skip("x")`)).toBe(true);
    expect(files(/\.test(-d)?\.[cm]?ts$/).filter((path) => marked.test(read(path)))).toEqual([]);
  });
});

describe("what is committed", () => {
  it("is no build result and no dependency", () => {
    expect(
      files(/(^|\/)(node_modules|build|dist|prebuilds)\/|\.(node|o|a|so|tgz|cpuprofile)$/),
    ).toEqual([]);
  });

  it("ends every text file with one newline, without carriage returns", () => {
    const texts = files(/\.(c|h|cc|ts|js|mjs|cjs|mts|cts|json|md|yml|gyp)$/);
    expect(texts.filter((path) => !/[^\n]\n$/.test(read(path)))).toEqual([]);
    expect(texts.filter((path) => read(path).includes("\r"))).toEqual([]);
  });

  it("pins dependencies without naming where they were fetched", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  });

  it("has one version in the root package and the facades, and no scripts but the root's at install", () => {
    const { version } = JSON.parse(read("package.json"));
    const facades = files(/^packages\/[^/]+\/package\.json$/);
    expect(facades.length).toBeGreaterThan(1);
    for (const path of facades) {
      const manifest = JSON.parse(read(path));
      expect(manifest.version, path).toBe(version);
      expect(manifest.scripts, path).toEqual({ prepack: "node ../../scripts/refuse-pack.mjs" });
      expect(manifest.dependencies, path).toEqual({ "@signal-kernel/native": "file:../.." });
    }
  });
});
