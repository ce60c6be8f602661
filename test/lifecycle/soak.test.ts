/** The judge of `npm run soak`: what it takes for growth, and that the command fails when something leaks. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { judge, judgeAll, median, TOLERANCES } from "../soak/judge.mjs";

const soak = fileURLToPath(new URL("../../scripts/soak.mjs", import.meta.url));
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
/** A number from 0 to 1 that is the same each time. */
const noise = (i: number) => ((Math.imul(i + 1, 2654435761) >>> 8) % 1000) / 1000;

const sampleOf = (value: number) =>
  Object.fromEntries(Object.keys(TOLERANCES).map((name) => [name, value]));

describe("Growth", () => {
  const tolerance = { by: 10, part: 0.1 };

  test("is a median of the last third that is above that of the first by more than is tolerated", () => {
    expect(judge([1, 2, 3, 4, 5, 6, 7, 8, 9], { by: 5, part: 0 })).toEqual({
      first: 2,
      last: 8,
      growth: 6,
      allowed: 5,
      grown: true,
    });
    expect(judge(range(30), { by: 20, part: 0 }).grown).toBe(false);
    expect(judge(range(30), { by: 19, part: 0 }).grown).toBe(true);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  test("is seen under noise, and noise is none", () => {
    const flat = range(60).map((i) => 100 + 15 * noise(i));
    expect(judge(flat, tolerance).grown).toBe(false);
    const growing = flat.map((value, i) => value + i);
    expect(judge(growing, tolerance).grown).toBe(true);
    expect(judge(flat.toReversed(), tolerance).grown).toBe(false);
  });

  test("is not a single peak, nor a step back", () => {
    const peaks = range(30).map((i) => (i % 10 === 9 ? 1000 : 100));
    expect(judge(peaks, tolerance).grown).toBe(false);
    expect(judge([...range(15).map(() => 200), ...range(15).map(() => 100)], tolerance).grown).toBe(
      false,
    );
  });

  test("of what is live in the kernel is a single one", () => {
    const samples = range(30).map((i) => ({ ...sampleOf(100), nodes: i < 15 ? 100 : 101 }));
    const grown = judgeAll(samples).filter((series) => series.grown);
    expect(grown.map(({ name }) => name)).toEqual(["nodes"]);
  });

  test("cannot be told from a few samples", () => {
    expect(() => judge([1, 2, 3], tolerance)).toThrow(RangeError);
  });
});

/** Runs the command with one scenario for a moment. */
function run(...more: string[]) {
  const engine = process.env.SIGNAL_KERNEL_ENGINE ?? "native";
  const args = [soak, "--seconds", "3", "--engine", engine, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run soak", () => {
  test("ends with 0 and a table when nothing grows", () => {
    const { status, stdout, stderr } = run("--only", "transactions");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^transactions .* flat$/m);
    expect(status).toBe(0);
  });

  test("ends with 1 and says what has grown when rounds leak", () => {
    const { status, stdout, stderr } = run("--only", "transactions", "--leak");
    expect(stdout).toMatch(/^transactions .* GROWN$/m);
    expect(stderr).toMatch(/transactions: heap has grown from \d+ to \d+/);
    expect(status).toBe(1);
  });

  test("refuses scenarios and engines that there are not", () => {
    expect(run("--only", "nothing").stderr).toMatch(/no scenario nothing; there are effects,/);
    expect(run("--engine", "other").status).toBe(2);
  });
});
