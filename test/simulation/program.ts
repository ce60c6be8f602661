/**
 * Programs as data: a list of steps, each a verb and small numbers. A number picks from what there is at
 * that point, modulo, and a step that finds nothing to do does nothing: so any part of a program is a
 * program, which is what shrinking needs. What happens next is a step as well: which promise settles,
 * how long a timer waits, when microtasks run.
 */
import type { Random } from "./random.js";

/**
 * By verb: how often it is picked, and the bound of each argument. What a negative bound limits is
 * mostly 0, which stands for "without".
 */
const VERBS = {
  /* What there is. */
  mode: [0, 4],
  scope: [2, 4, 3],
  effect: [3, 4, 8],
  cell: [3, 8, -4, 8, 16, 32, -4, 20, -30, -20, -20, 9],
  group: [1, 4, 32],
  computation: [1, 4, 4],
  /* Who asks. */
  reload: [5, 16],
  run: [5, 16],
  mutate: [1, 16],
  cancel: [4, 16],
  dispose: [1, 16],
  drop: [2, 8],
  /* Who answers. */
  settle: [22, 64, 3],
  emit: [8, 64, 2],
  done: [2, 64, 2],
  fail: [2, 64],
  /* Who writes. */
  set: [5, 4, 6],
  batch: [5, 4, 6, 4, 6],
  sync: [3, 3, 4, 6, 4, 6],
  undo: [1, 4],
  flush: [2],
  /* Transactions. */
  begin: [6, 8, 3, 3, 8, -4, 3],
  act: [18, 8, 6, 4, 6, 3],
  nest: [3, 8, 2, 4, 6, 4, 6],
  end: [7, 8, 6],
  late: [1, 8],
  /* Time. */
  tick: [12],
  wait: [14],
  elapse: [9, 25],
  /* What a callback will do, of programs without a model. */
  provoke: [4, 16, 8, 16, 6],
} satisfies Record<string, readonly number[]>;

export type Verb = keyof typeof VERBS;
export type Step = readonly [verb: Verb, ...args: number[]];
export type Program = readonly Step[];

/** Bits of the argument of `mode`, the first step. */
export const MODE = {
  /** Transactions work through their handles only. */
  noContext: 1,
  /** All that is ever written is one more than was there: then every commit counts. */
  counting: 2,
  /** Callbacks call back: no model follows, and what must hold is checked on the record. */
  wild: 4,
} as const;

const OF_TRANSACTIONS: ReadonlySet<Verb> = new Set(["begin", "act", "nest", "end", "late"]);

const entries = Object.entries(VERBS) as [Verb, readonly number[]][];

function stepOf(random: Random, verb: Verb): Step {
  const [, ...bounds] = VERBS[verb] as readonly number[];
  const args = bounds.map((bound) => {
    if (bound >= 0) return random.below(bound);
    return random.once(3) ? random.below(-bound) : 0;
  });
  return [verb, ...args];
}

/** A list in which each verb is as often as it is to be picked. */
function verbsOf(mode: number): Verb[] {
  const isWild = (mode & MODE.wild) !== 0;
  return entries.flatMap(([verb, [weight = 0]]) =>
    (isWild ? OF_TRANSACTIONS.has(verb) : verb === "provoke") ? [] : Array(weight).fill(verb),
  );
}

/** A random program of that kind. */
export function generate(random: Random): Program {
  const mode =
    (random.once(5) ? MODE.noContext : 0) |
    (random.once(5) ? MODE.counting : 0) |
    (random.once(6) ? MODE.wild : 0);
  const verbs = verbsOf(mode);
  const steps: Step[] = [["mode", mode]];
  for (let scopes = random.below(3); scopes > 0; scopes--) steps.push(stepOf(random, "scope"));
  for (let cells = random.below(5); cells >= 0; cells--) steps.push(stepOf(random, "cell"));
  const length = 10 + random.below(80);
  while (steps.length < length) steps.push(stepOf(random, random.pick(verbs)));
  return steps;
}

/** One step a line, as a file that can be replayed. */
export function print(program: Program): string {
  return program.map((step) => `${step.join(" ")}\n`).join("");
}

/** Reads what `print` has written; empty lines, and what follows a #, are nothing. */
export function parse(text: string): Program {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  return lines.flatMap((line, at): Program => {
    if (line === "") return [];
    const [verb = "", ...words] = line.split(/\s+/);
    const args = words.map(Number);
    if (!Object.hasOwn(VERBS, verb)) throw new Error(`Line ${at + 1}: there is no verb ${verb}`);
    if (!args.every((arg) => Number.isSafeInteger(arg) && arg >= 0))
      throw new Error(`Line ${at + 1}: arguments are integers that are not negative`);
    return [[verb as Verb, ...args]];
  });
}
