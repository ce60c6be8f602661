/**
 * Makes a failing program small: takes steps out, and makes numbers smaller, as long as it fails.
 *
 * Delta debugging as in Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input"
 * (2002), without the complements of single parts: pieces of half the length, a quarter and so on are
 * left out. Since any part of a program is a program, nothing has to be repaired.
 */
import type { Program, Step } from "./program.js";

/** Whether a program fails, in the same way. */
export type Fails = (program: Program) => Promise<boolean>;

/** Takes pieces of `size` out, from the end: what is late depends on what was before. */
async function without(program: Program, size: number, fails: Fails): Promise<Program> {
  let left = program;
  for (let end = left.length; end > 0; end -= size) {
    const candidate = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
    if (await fails(candidate)) left = candidate;
  }
  return left;
}

async function shorten(program: Program, fails: Fails): Promise<Program> {
  let left = program;
  for (let size = Math.ceil(left.length / 2); size > 0; size = Math.floor(size / 2))
    left = await without(left, size, fails);
  return left;
}

/** Numbers that are simpler than one, the simplest first. */
const simpler = (number: number): number[] =>
  [0, 1, number >> 1, number - 1].filter(
    (each, at, all) => each < number && all.indexOf(each) === at,
  );

async function simplify(program: Program, fails: Fails): Promise<Program> {
  let left = program;
  for (let at = 0; at < left.length; at++) {
    for (let place = 1; place < (left[at] as Step).length; place++) {
      const step = left[at] as Step;
      for (const number of simpler(step[place] as number)) {
        if (number < 0) continue;
        const changed = step.with(place, number) as unknown as Step;
        const candidate = left.with(at, changed);
        if (!(await fails(candidate))) continue;
        left = candidate;
        break;
      }
    }
  }
  return left;
}

/** The smallest program found that fails; no single step can be left out of it. */
export async function shrink(program: Program, fails: Fails): Promise<Program> {
  let left = program;
  for (;;) {
    const before = left;
    left = await simplify(await shorten(left, fails), fails);
    if (JSON.stringify(left) === JSON.stringify(before)) return left;
  }
}
