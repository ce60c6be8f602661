/** The bank as a program: what it prints, and how it ends. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runToEnd } from "../helpers/program.js";

const MAIN = fileURLToPath(new URL("../../examples/bank/src/main.js", import.meta.url));

const bank = (...args: string[]) => runToEnd([MAIN, ...args]);

describe("the bank", () => {
  test.each([1, 2, 3])("adds up at every commit of a busy day (seed %i)", async (seed) => {
    const { code, out, err } = await bank("--seed", `${seed}`, "--transfers", "150");
    expect(err).toBe("");
    expect(out).toMatch(/found 0 faults\n$/);
    expect(code).toBe(0);

    const balances = [...(/^Accounts {3}(.*)$/m.exec(out)?.[1] ?? "").matchAll(/\d+/g)];
    expect(balances.reduce((sum, [balance]) => sum + Number(balance), 0)).toBe(600);
    const [committed, refused, cancelled, closed, failed] = [
      ...(/^Transfers {2}(.*);/m.exec(out)?.[1] ?? "").matchAll(/\d+/g),
    ].map(([count]) => Number(count)) as [number, number, number, number, number];
    expect(failed).toBe(0);
    expect(committed + refused + cancelled + closed).toBe(151);
    /* One state at the beginning, and one for each commit; commits of one turn are looked at alone. */
    expect(Number(/looked at (\d+) states/.exec(out)?.[1])).toBe(committed + 1);
    expect(out).toContain("in conflict, run 2");
    expect(out).toMatch(/^Report {5}\w+ \d+ is most, \w+ \d+ least, 600 in all$/m);
  });

  test("keeps to the summary when it is asked to", async () => {
    const { code, out } = await bank("--quiet", "--transfers", "5");
    expect(code).toBe(0);
    expect(out).not.toContain("begins");
    expect(out).toContain("Transfers  committed");
  });

  test("says what is wrong with an option", async () => {
    const { code, out, err } = await bank("--accounts", "1");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^--accounts must be an integer from 2 to 26, not "1"\n\nUsage: bank/);
  });
});
