/**
 * The simulator finds what does not hold, and makes it short: shown by checkers that are wrong on
 * purpose.
 */
import { describe, expect, test } from "vitest";
import { generate, type Program, parse, print } from "./program.js";
import { Random } from "./random.js";
import { shrink } from "./shrink.js";
import { type Checker, report, simulate } from "./simulate.js";

/** The first program on which `checker` fails. */
async function findFailing(checker: Checker): Promise<Program> {
  for (let seed = 1; seed <= 300; seed++) {
    const program = generate(new Random(seed));
    const failure = await simulate(program, { checker });
    if (failure?.statement === "wrong") return program;
  }
  throw new Error("No program fails");
}

const wrong = (is: boolean) => (is ? { statement: "wrong", what: "on purpose" } : null);

const WRONG: readonly [string, number, Checker][] = [
  [
    "a cell is never cancelled",
    3,
    ({ cells }) => wrong(cells.some(({ built }) => built.handle.status() === "cancelled")),
  ],
  [
    "no run is repeated after a timeout",
    3,
    ({ cells }) => wrong(cells.some(({ launches }) => launches.some(({ attempt }) => attempt > 1))),
  ],
  ["two transactions never both commit", 8, ({ actors }) => wrong(committed(actors) > 1)],
  [
    "no transaction is in conflict",
    6,
    ({ actors }) => wrong(actors.some(({ ending }) => ending === "conflict")),
  ],
];

const committed = (actors: readonly { ending: unknown }[]) =>
  actors.filter(({ ending }) => ending === "committed").length;

describe("What the simulator finds", () => {
  test.each(WRONG)("%s: is refuted in at most %i steps", async (_name, most, checker) => {
    const program = await findFailing(checker);
    const fails = async (candidate: Program) =>
      (await simulate(candidate, { checker }))?.statement === "wrong";
    const small = await shrink(program, fails);
    expect(small.length).toBeLessThanOrEqual(most);
    expect(await fails(parse(print(small)))).toBe(true);
    for (let left = 0; left < small.length; left++)
      expect(await fails(small.toSpliced(left, 1))).toBe(false);
  });

  test("is reported as a script that fails again", async () => {
    const checker: Checker = ({ graph }) => wrong(graph.signal(2).peek() === 5);
    const program = await findFailing(checker);
    const failure = await simulate(program, { checker });
    if (failure === null) throw new Error("It does not fail again");
    const text = await report(program, failure, { checker });
    expect(text).toContain("wrong does not hold after line 1: on purpose");
    const script = text.slice(text.indexOf("\n"));
    expect((await simulate(parse(script), { checker }))?.statement).toBe("wrong");
  });

  test("a program is read as it was written, and what is no program is refused", () => {
    const program = generate(new Random(3));
    expect(parse(print(program))).toEqual(program);
    expect(parse("# nothing\n\n set 1 2 # a write\n")).toEqual([["set", 1, 2]]);
    expect(() => parse("set 1\nfly 2")).toThrow("Line 2: there is no verb fly");
    expect(() => parse("set -1")).toThrow("Line 1: arguments");
  });
});
