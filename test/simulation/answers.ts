/**
 * How producers answer: at once, or when the program says so; by a promise, a foreign thenable, a value
 * or a throw.
 */
import { deferred, thenable } from "../async/support.js";
import type { Launched } from "./cell.js";
import { ahead } from "./loop.js";
import type { World } from "./world.js";

const WORDS = ["promise", "promise", "thenable", "value", "throw", "rejected"] as const;
type Word = (typeof WORDS)[number];

export class Answers {
  private readonly world: World;
  private readonly kind: number;

  /** `kind`: an argument of the program. A quarter of the cells does not simply wait. */
  constructor(world: World, kind: number) {
    this.world = world;
    this.kind = kind;
  }

  /** What a producer returns; it may throw instead. */
  to(launched: Launched): unknown {
    const { token, attempt } = launched;
    const word = this.wordFor(token + attempt);
    if (word === "promise") return this.promise(launched);
    if (word === "thenable") return this.thenable(launched);
    return this.atOnce(word, launched, `${token}:at once ${attempt}`);
  }

  private wordFor(number: number): Word {
    if (this.kind % 4 !== 0) return this.kind % 8 === 1 ? "thenable" : "promise";
    return WORDS[(number * 7 + this.kind) % WORDS.length] as Word;
  }

  private atOnce(word: "value" | "throw" | "rejected", launched: Launched, outcome: string) {
    const isValue = word === "value";
    const promise = isValue ? Promise.resolve(outcome) : Promise.reject(outcome);
    const model = () => came(launched, isValue, outcome);
    ahead(promise, model, model);
    if (word === "throw") throw outcome;
    return isValue ? outcome : promise;
  }

  private promise(launched: Launched): unknown {
    const { promise, resolve, reject } = deferred();
    ahead(
      promise,
      (outcome) => came(launched, true, outcome),
      (outcome) => came(launched, false, outcome),
    );
    const settle = (how: number, text: string) => (how === 2 ? reject : resolve)(text);
    this.world.open.push({ settle, launched });
    return promise;
  }

  /** It is the library that asks, at once; what it is told later, it takes at once. */
  private thenable(launched: Launched): unknown {
    return thenable((ok: (value: unknown) => void, no: (error: unknown) => void) => {
      const settle = (how: number, text: string) => {
        came(launched, how !== 2, text);
        (how === 2 ? no : ok)(text);
      };
      this.world.open.push({ settle, launched });
    });
  }
}

/** The model hears of an outcome. What a stream's producer returns is not its completion. */
function came({ cell, token, attempt }: Launched, fulfilled: boolean, outcome: unknown): void {
  const run = cell.model?.runs[token - 1];
  if (run === undefined) return;
  if (!fulfilled) cell.model?.fail(run, attempt, outcome);
  else if (cell.settings.kind !== "stream") cell.model?.succeed(run, attempt, outcome);
}
