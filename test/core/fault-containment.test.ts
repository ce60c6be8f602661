/**
 * S10 on a large scale: a world in which user functions throw at random beside one in which none does.
 * SK_FAULT_FLUSHES and SK_FAULT_SEED set the size and repeat a run.
 */
import {
  computed,
  createEffect,
  flushSync,
  onCleanup,
  type Signal,
  signal,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import { Random } from "../simulation/random.js";

const FLUSHES = Number(process.env.SK_FAULT_FLUSHES ?? 10_000);
const SEED = Number(process.env.SK_FAULT_SEED ?? 7);
const SIGNALS = 50;
const COMPUTEDS = 200;
const EFFECTS = 1000;

/** The same graph, with the same writes, for the same seed. */
class Field {
  /** What each effect and listener has seen last; null: its last run threw before it had seen all. */
  readonly seen: (string | null)[] = [];
  /** What was thrown at somebody who has to pass it on, and what was passed on. */
  readonly thrown: unknown[] = [];
  readonly arrived: unknown[] = [];
  compared = 0;
  private readonly signals: Signal<number>[] = [];
  private readonly chance: Random;
  private readonly isCalm: boolean;
  private isArmed = false;

  constructor(seed: number, isCalm: boolean) {
    this.chance = new Random(seed + 1);
    this.isCalm = isCalm;
    this.build(new Random(seed));
    this.isArmed = true;
  }

  private isUnlucky(times: number): boolean {
    return !this.isCalm && this.isArmed && this.chance.once(times);
  }

  /** Throws now and then, unless the world is the calm one. */
  private risk(what: string): void {
    if (this.isUnlucky(400)) this.throwNew(new Error(what));
  }

  private throwNew(error: Error): never {
    this.thrown.push(error);
    throw error;
  }

  private build(random: Random): void {
    for (let i = 0; i < SIGNALS; i++) {
      const equals = (x: number, y: number) => {
        this.risk("comparator");
        return x === y;
      };
      this.signals.push(signal(i, i % 10 === 0 ? equals : undefined));
    }
    const sources: { get: () => number }[] = [...this.signals];
    for (let i = 0; i < COMPUTEDS; i++) sources.push(this.computed(i, random, sources));
    for (let i = 0; i < EFFECTS; i++) this.effect(i, random, sources);
    for (const [i, each] of this.signals.entries())
      each.subscribe((value) => {
        this.seen[EFFECTS + i] = String(value);
        this.risk("listener");
      });
  }

  /** Its error is that of whoever reads it; see `effect`. */
  private computed(at: number, random: Random, sources: { get: () => number }[]) {
    const [a, b] = [random.pick(sources), random.pick(sources)];
    const mod = 3 + random.below(20);
    const fail = (what: string) => {
      if (this.isUnlucky(5000)) throw new Error(what);
    };
    const equals = (x: number, y: number) => {
      fail("comparator of a computed");
      return x === y;
    };
    return computed(
      () => {
        fail("computed");
        return (a.get() * 3 + b.get()) % mod;
      },
      at % 10 === 0 ? equals : undefined,
    );
  }

  private effect(at: number, random: Random, sources: { get: () => number }[]): void {
    const reads = [random.pick(sources), random.pick(sources), random.pick(sources)];
    createEffect(() => {
      onCleanup(() => this.risk("cleanup"));
      this.seen[at] = null;
      try {
        this.seen[at] = reads.map((source) => source.get()).join(" ");
      } catch (cause) {
        this.throwNew(new Error("read", { cause }));
      }
      this.risk("effect");
    });
  }

  private write(at: number, value: number): void {
    const target = this.signals[at] as Signal<number>;
    for (;;) {
      try {
        target.set(() => {
          this.risk("updater");
          return value;
        });
        return;
      } catch (error) {
        this.arrived.push(error);
      }
    }
  }

  flush(writes: readonly (readonly [number, number])[]): void {
    for (const [at, value] of writes) this.write(at, value);
    try {
      flushSync();
    } catch (error) {
      this.arrived.push(...(error instanceof AggregateError ? error.errors : [error]));
    }
  }

  /** The first effect that has seen something else than that of the other world. */
  difference(other: Field): string | undefined {
    for (const [i, seen] of this.seen.entries()) {
      if (seen === null) continue;
      if (seen !== other.seen[i]) return `effect ${i} saw ${seen}, not ${other.seen[i]}`;
      this.compared++;
    }
    return undefined;
  }
}

describe(`S10 faults are contained (${FLUSHES} flushes, SK_FAULT_SEED=${SEED})`, () => {
  it("each effect sees what it sees without them, and each error arrives exactly once", () => {
    const wild = new Field(SEED, false);
    const calm = new Field(SEED, true);
    const random = new Random(SEED + 2);
    for (let flush = 0; flush < FLUSHES; flush++) {
      const writes = Array.from(
        { length: 1 + random.below(3) },
        () => [random.below(SIGNALS), random.below(100)] as const,
      );
      wild.flush(writes);
      calm.flush(writes);
      expect(wild.difference(calm), `flush ${flush}`).toBe(undefined);
    }
    expect(wild.thrown.length).toBeGreaterThan(FLUSHES / 10);
    expect(wild.compared).toBeGreaterThan((FLUSHES * EFFECTS) / 4);
    expect(wild.arrived.length).toBe(wild.thrown.length);
    expect(new Set(wild.arrived)).toEqual(new Set(wild.thrown));
    expect(calm.thrown).toEqual([]);
    expect(checkEngine()).toBe(undefined);
  }, 600_000);
});
