/**
 * The regression guard: it must see what has grown, and must not pass what it could not compare.
 */
import { describe, expect, it } from "vitest";

const load = (file: string) =>
  import(new URL(`../../benchmarks/guard/${file}`, import.meta.url).href);
const { compare } = await load("compare.js");
const { readProfile } = await load("instructions.js");

describe("comparing counts", () => {
  it("tells what is more than the tolerance allows, and only that", () => {
    const recorded = { same: 1_000, little: 1_000, much: 1_000, fewer: 1_000 };
    const counts = { same: 1_000, little: 1_009, much: 1_011, fewer: 900 };
    const { lines, worse } = compare(counts, recorded, 0.01);
    expect(worse).toEqual(["much"]);
    expect(lines.join("\n")).toMatch(/little.*within the tolerance/);
    expect(lines.join("\n")).toMatch(/much.*1\.1 % MORE/);
    expect(lines.join("\n")).toMatch(/fewer.*10\.0 % less: record it/);
  });

  it("allows nothing more without a tolerance, from none to one neither", () => {
    expect(compare({ calls: 101 }, { calls: 100 }, 0).worse).toEqual(["calls"]);
    expect(compare({ calls: 1 }, { calls: 0 }, 0).worse).toEqual(["calls"]);
  });

  it("does not pass what is new, nor what is gone", () => {
    expect(compare({ here: 1, added: 1 }, { here: 1, gone: 1 }, 0.01).worse).toEqual([
      "added",
      "gone",
    ]);
  });

  it("shows the counts where nothing is recorded", () => {
    expect(compare({ one: 7 }, undefined, 0.01)).toEqual({
      lines: ["  one          7"],
      worse: [],
    });
  });
});

describe("reading a profile of callgrind", () => {
  const profile = [
    "desc: Trigger: Client Request: a scenario",
    "events: Ir",
    "ob=/lib/libc.so.6",
    "fl=./string/memcpy.S",
    "fn=memcpy",
    "264 5000",
    "ob=/tmp/scenarios",
    "fl=/home/somebody/native/kernel/graph.c",
    "fn=sk_sync",
    "10 30",
    "fi=/home/somebody/native/kernel/kernel.h",
    "+3 4",
    "fe=/home/somebody/native/kernel/graph.c",
    "cob=/lib/libc.so.6",
    "cfi=./string/memcpy.S",
    "cfn=memcpy",
    "calls=1 264",
    "12 5000",
    "-1 2",
    "fl=/home/somebody/benchmarks/guard/scenarios.c",
    "fn=main",
    "7 900",
    "",
  ].join("\n");

  it("adds up what the kernel itself has executed, inlined code included, calls and callers not", () => {
    expect(readProfile(profile)).toEqual({ name: "a scenario", count: 36 });
  });

  it("refuses a profile without a name", () => {
    expect(() => readProfile("events: Ir\n")).toThrow("without a name");
  });
});
