/**
 * One history: transactions that overlap, and everybody else. Each transaction's function waits at a
 * gate; the world picks who goes on, and does what with the model what it has done with the library.
 */
import { type Computed, computed, createEffect, type Signal, signal } from "@signal-kernel/core";
import { Actor } from "./histories-actor.js";
import { Model } from "./histories-model.js";
import { Outsider } from "./histories-outsider.js";
import type { World } from "./histories-world.js";
import type { Random } from "./random.js";

/** What is read through a computed: any part of the world may be behind it. */
type Formula = (read: (name: number) => number) => number;

const FORMULAS: readonly Formula[] = [
  (read) => read(0) + read(1),
  (read) => (read(0) % 2 === 0 ? read(2) : read(1) * 3),
  (read) => read(3) - read(0),
];

const SIGNALS = 4;
/** Microtasks that the longest chain of reactions takes: an end, a retry, a commit in the queue. */
const TICKS = 10;

export class History implements World {
  readonly random: Random;
  readonly model: Model;
  readonly signals: Signal<number>[];
  readonly computeds: Computed<number>[] = [];
  readonly actors: Actor[] = [];
  readonly steps: string[] = [];
  /** All programs only ever add 1: then every committed one counts. */
  readonly isCounting: boolean;
  readonly hasContext: boolean;
  private readonly seen: string[] = [];
  private readonly outsider: Outsider;
  private expected: string;
  private changes = 1;
  private readonly stop: () => void;

  constructor(random: Random, hasContext: boolean) {
    this.random = random;
    this.hasContext = hasContext;
    this.isCounting = random.once(4);
    const values = Array.from({ length: SIGNALS }, () => random.below(3));
    this.model = new Model(values);
    this.signals = values.map((value, at) => signal(value, { name: `s${at}` }));
    for (const formula of FORMULAS)
      this.computeds.push(
        computed(() => formula((name) => (this.signals[name] as Signal<number>).get())),
      );
    this.outsider = new Outsider(this, values);
    this.stop = createEffect(() => void this.seen.push(this.look()));
    this.expected = this.shouldBe();
  }

  private look(): string {
    return [...this.signals, ...this.computeds].map((each) => each.get()).join(" ");
  }

  private shouldBe(): string {
    const values = this.model.state;
    const read = (name: number) => values[name] as number;
    return [...values, ...FORMULAS.map((formula) => formula(read))].join(" ");
  }

  formula(at: number): Formula {
    return FORMULAS[at] as Formula;
  }

  /** A value; small, so that some are written that are there already. */
  value(): number {
    return this.random.below(6);
  }

  note(step: string): void {
    this.steps.push(step);
  }

  fail(fault: string): void {
    this.model.fault ??= fault;
  }

  private pickOpen(): Actor | undefined {
    const open = this.actors.filter(({ isOpen }) => isOpen);
    return open.length === 0 ? undefined : this.random.pick(open);
  }

  private act(): void {
    const { random } = this;
    const actor = this.pickOpen();
    if (actor === undefined || (random.once(5) && this.actors.length < 7)) {
      this.actors.push(new Actor(this, null));
    } else if (random.once(4)) {
      this.outsider.act();
    } else if (random.once(6) && actor.depth < 3 && this.actors.length < 10) {
      actor.beginInner();
    } else if (random.once(6)) {
      actor.end();
    } else if (random.once(12)) {
      random.pick(this.actors).goOnAfterEnd();
    } else {
      actor.act();
    }
  }

  /** One step, and what follows from it. Returns what is wrong then. */
  async step(): Promise<string | undefined> {
    this.act();
    for (let i = 0; i < TICKS; i++) await null;
    return this.difference();
  }

  /** What is visible now, the observer sees. */
  flushed(): void {
    const now = this.shouldBe();
    if (now !== this.expected) this.changes++;
    this.expected = now;
  }

  difference(): string | undefined {
    const { model, seen } = this;
    if (model.fault !== undefined) return model.fault;
    this.flushed();
    const now = this.expected;
    if (this.look() !== now) return `the state is ${this.look()}, not ${now}`;
    if (seen.at(-1) !== now) return `the observer saw ${seen.at(-1)}, not ${now}`;
    if (seen.length !== this.changes)
      return `the observer ran ${seen.length} times for ${this.changes} states: ${seen.join(", ")}`;
    for (const actor of this.actors) {
      const fault = actor.difference();
      if (fault !== undefined) return `${actor.name}: ${fault}`;
    }
    return undefined;
  }

  /** Lets every transaction end, and says what is wrong then. */
  async end(): Promise<string | undefined> {
    for (let actor = this.pickOpen(); actor !== undefined; actor = this.pickOpen()) {
      actor.end();
      for (let i = 0; i < TICKS; i++) await null;
      const fault = this.difference();
      if (fault !== undefined) return fault;
    }
    this.stop();
    return this.outsider.isCountRight() ? undefined : "an increment was lost";
  }
}
