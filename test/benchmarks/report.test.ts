/**
 * The benchmarks' own arithmetic and words: what a run says of libraries that lose, that cannot, and that
 * give wrong answers.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const url = (file: string) => new URL(`../../benchmarks/${file}`, import.meta.url);
const { summarize } = await import(url("harness/summary.js").href);
const { report } = await import(url("harness/report.js").href);
const { charts } = await import(url("harness/charts.js").href);

const cell = (rounds: number[], why = {}) => ({ rounds, runs: [], ...why });

const results = {
  suite: "graph",
  title: "Graphs <of & all>",
  unit: "ms",
  digits: 1,
  subjects: ["ours"],
  against: ["peer"],
  scale: { mode: "full", handles: "field" },
  flags: [],
  effort: { warmupMs: 1, repetitions: 1, limitMs: 1 },
  rounds: 3,
  versions: { ours: "1", peer: "2", other: "3" },
  libraries: ["ours", "peer", "other"],
  shapes: [
    { name: "a", row: "sum", of: 2 },
    { name: "b", row: "sum", of: 2 },
    { name: "c", row: "deep", of: 1 },
    { name: "d", row: "gone", of: 1 },
  ],
  cells: {
    a: { ours: cell([1, 2, 3]), peer: cell([2, 2, 2]), other: cell([9, 9, 9]) },
    b: { ours: cell([1, 1, 1]), peer: cell([2, 2, 2]), other: cell([], { error: "wrong answer" }) },
    c: { ours: cell([4, 4, 4]), peer: cell([1, 1, 1]), other: cell([], { limit: "overflows" }) },
    d: { ours: cell([1, 1, 1]), peer: cell([1, 1, 1]), other: cell([], { lacks: "no disposal" }) },
  },
  seconds: 1,
};
const machine = {
  cpu: "cpu",
  cores: 2,
  memoryGiB: 1,
  system: "system",
  node: "20",
  v8: "11",
  date: "2026-01-01T00:00",
  load: 1,
};
const record = { format: 1, machine, suites: [results] };
const summary = summarize(results);
const row = (label: string) => summary.rows.find((one: { label: string }) => one.label === label);

describe("a summary", () => {
  it("adds the shapes of a row up, and takes the median of the ratios of each round", () => {
    expect(row("sum").rounds).toEqual({ ours: [2, 3, 4], peer: [4, 4, 4], other: null });
    expect(row("sum").medians.ours).toBe(3);
    expect(row("sum").ratios.peer.ours).toBe(0.75);
  });

  it("says why there is no figure, and takes only a wrong answer for a failure", () => {
    const gap = (label: string) => row(label).gaps.other;
    expect([gap("sum"), gap("deep"), gap("gone")]).toEqual(["failed", "overflows", "has none"]);
    expect(summary.failures.map((one: { text: string }) => one.text)).toEqual([
      "other, b: wrong answer",
    ]);
    expect(summary.limits).toEqual(["other, c: overflows", "other, d: no disposal"]);
  });

  it("means the ratios of the rows that both have", () => {
    expect(summary.means.peer.ours.mean).toBeCloseTo((0.75 * 4 * 1) ** (1 / 3));
    expect(summary.means.peer.other).toBeUndefined();
  });
});

describe("a report", () => {
  const text: string = report(record, [summary]);

  it("shows losses as well as wins, gaps and failures", () => {
    expect(text).toContain("| deep | 4.0 | 1.0 | overflows |");
    expect(text).toContain("Rows where ours loses to peer: 1 of 3. deep 4.00.");
    expect(text).toContain("* other, d: no disposal");
    expect(text).toContain("* other, b: wrong answer");
  });

  it("warns when the machine had more to do than it has cores", () => {
    expect(text).not.toContain("busy with other work");
    const busy = { ...record, machine: { ...machine, load: 2.5 } };
    expect(report(busy, [summary])).toContain("not to be relied on");
  });
});

describe("charts", () => {
  it("are images with their own colours for light and dark, and no markup from titles", () => {
    const drawn: [string, string][] = charts(record, [summary]);
    expect(drawn.map(([name]) => name)).toEqual(["graph-means.svg", "graph-shapes.svg"]);
    for (const [, svg] of drawn) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).toContain("prefers-color-scheme: dark");
      expect(svg).toContain("&#60;of &#38; all&#62;");
      expect(svg).not.toMatch(/NaN|undefined|null/);
    }
    const [, shapes] = drawn[1] as [string, string];
    expect(shapes).toContain(">4.00<");
  });
});

describe("npm run bench", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(url("run.js")), ...args], { encoding: "utf8" });

  it("checks answers on both engines, of shapes that are asked for", () => {
    const libs = "floor,signal-kernel,signal-kernel-wasm,naive";
    const { status, stdout } = run("graph", "--check", "--only", "kairo", "--libs", libs);
    expect(stdout).toContain("32 passed, 0 failed");
    expect(status).toBe(0);
  });

  it("refuses what it does not know by its name", () => {
    for (const args of [["nonsense"], ["--only", "nonsense"], ["--libs", "nonsense"]]) {
      const { status, stderr } = run(...args);
      expect(stderr).toContain('"nonsense"');
      expect(status).toBe(2);
    }
  });
});
