/**
 * The signals of a simulated world, and what is computed of them, beside what the model says they are.
 */
import { type Computed, computed, type Signal, signal } from "@signal-kernel/core";
import { Model } from "./transaction-model.js";
import { FORMULAS, type Formula, isPoisonous, Poison, SIGNALS } from "./values.js";

export class Graph {
  readonly initial: readonly number[] = Array.from({ length: SIGNALS }, (_, name) => name);
  readonly model = new Model(this.initial);
  readonly signals: readonly Signal<number>[] = this.initial.map((value, name) =>
    signal(value, { name: `s${name}` }),
  );
  readonly computeds: readonly Computed<number>[] = FORMULAS.map((formula) =>
    computed(() => formula((name) => this.signal(name).get())),
  );
  /** Throws when the first two signals do not go together. */
  readonly poison = computed(() => {
    const [first, second] = [this.signal(0).get(), this.signal(1).get()];
    if (isPoisonous(first, second)) throw new Poison();
    return first + second;
  });

  signal(name: number): Signal<number> {
    return this.signals[name % SIGNALS] as Signal<number>;
  }

  /** How a source is made of the signals: signals are the first of them, then computeds. */
  formula(source: number): Formula {
    return FORMULAS[source - SIGNALS] ?? ((read) => read(source % SIGNALS));
  }

  /** The library's getter of a source. */
  getter(source: number): () => number {
    return (this.computeds[source - SIGNALS] ?? this.signal(source)).get;
  }

  /** What the model says is visible of it. */
  shown(source: number): number {
    return this.formula(source)((name) => this.model.visible(name));
  }

  /** All that there is to be seen, as the library has it. */
  look(): string {
    return [...this.signals, ...this.computeds].map((each) => each.get()).join(" ");
  }

  /** The same, as the model has it. */
  shouldBe(): string {
    return Array.from({ length: SIGNALS + FORMULAS.length }, (_, at) => this.shown(at)).join(" ");
  }

  get isPoisoned(): boolean {
    return isPoisonous(this.shown(0), this.shown(1));
  }

  /** What differs between the two, or undefined. */
  difference(): string | undefined {
    for (const [name, each] of this.signals.entries()) {
      const [found, right] = [each.peek(), this.model.visible(name)];
      if (found !== right) return `signal ${name} is ${found}, not ${right}`;
    }
    for (const [index, each] of this.computeds.entries()) {
      const [found, right] = [each.get(), this.shown(SIGNALS + index)];
      if (found !== right) return `computed ${index} is ${found}, not ${right}`;
    }
    return undefined;
  }
}
