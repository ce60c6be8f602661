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
const SEED = Number(process.env.SK_FAULT_SEED ?? Date.now() % 2 ** 31);
const SIGNALS = 50;
const COMPUTEDS = 200;
const EFFECTS = 1000;

/** The same graph, with the same writes, for the same seed. */
class Field {
  /** Of each effect what it saw, reduced to a number, in this flush. */
  readonly logs: string[] = Array.from({ length: EFFECTS }, () => "");
  /** Effects in which something threw in this flush: what they log is not compared. */
  readonly failed = new Set<number>();
  readonly thrown: Error[] = [];
  readonly arrived: unknown[] = [];
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

  /** Throws now and then, unless the world is the calm one. */
  private risk(what: string): void {
    if (this.isCalm || !this.isArmed || !this.chance.once(400)) return;
    const error = new Error(`${what} ${this.thrown.length}`);
    this.thrown.push(error);
    throw error;
  }

  private build(random: Random): void {
    for (let i = 0; i < SIGNALS; i++) {
      const equals = (x: number, y: number) => {
        if (i % 10 === 0) this.risk("comparator");
        return x === y;
      };
      this.signals.push(signal(i, i % 10 === 0 ? equals : undefined));
    }
    const sources: { get: () => number }[] = [...this.signals];
    for (let i = 0; i < COMPUTEDS; i++) {
      const [a, b] = [random.pick(sources), random.pick(sources)];
      const mod = 3 + random.below(20);
      const inner = computed(() => {
        this.riskCaught("computed");
        return (a.get() * 3 + b.get()) % mod;
      });
      sources.push(inner);
    }
    for (let i = 0; i < EFFECTS; i++) this.effect(i, random, sources);
  }

  /** A computed that throws would hide its value from effects: it is caught, and its error arrives. */
  private riskCaught(what: string): void {
    try {
      this.risk(what);
    } catch (error) {
      this.arrived.push(error);
    }
  }

  private effect(at: number, random: Random, sources: { get: () => number }[]): void {
    const reads = [random.pick(sources), random.pick(sources), random.pick(sources)];
    createEffect(() => {
      onCleanup(() => this.risk("cleanup"));
      const seen = reads.map((source) => source.get());
      this.logs[at] += `${seen.join(",")};`;
      this.risk("effect");
    });
  }

  flush(writes: readonly (readonly [number, number])[]): void {
    for (const [at, value] of writes) {
      const target = this.signals[at] as Signal<number>;
      for (;;) {
        try {
          target.set(value);
          break;
        } catch (error) {
          this.arrived.push(error);
        }
      }
    }
    try {
      flushSync();
    } catch (error) {
      const errors = error instanceof AggregateError ? error.errors : [error];
      this.arrived.push(...errors);
    }
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
      for (let i = 0; i < EFFECTS; i++)
        if (wild.logs[i] !== calm.logs[i])
          throw new Error(`flush ${flush}, effect ${i}: ${wild.logs[i]} not ${calm.logs[i]}`);
      wild.logs.fill("");
      calm.logs.fill("");
    }
    expect(wild.thrown.length).toBeGreaterThan(FLUSHES / 10);
    expect(wild.arrived.length).toBe(wild.thrown.length);
    expect(new Set(wild.arrived)).toEqual(new Set(wild.thrown));
    expect(calm.thrown).toEqual([]);
    expect(checkEngine()).toBe(undefined);
  }, 600_000);
});
