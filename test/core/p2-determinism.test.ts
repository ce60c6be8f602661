/**
 * P2: the same calls give the same order of runs. What that order is says a naive model,
 * p2-model.ts. SK_PROPERTY_RUNS and SK_PROPERTY_SEED set how many programs there are, one for 25 of the
 * cheaper ones of property.test.ts, and which.
 */
import {
  configureScheduler,
  createEffect,
  flushSync,
  type Signal,
  signal,
} from "@signal-kernel/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkEngine, engine } from "#engine";
import { forEachEngine } from "../helpers/engines.js";
import { LAST, type Machine, Model, SIGNALS, type Step } from "./p2-model.js";

const RUNS = Math.ceil(Number(process.env.SK_PROPERTY_RUNS ?? 10_000) / 25);
const SEED = Number(process.env.SK_PROPERTY_SEED ?? 7);

class Library implements Machine {
  readonly log: string[] = [];
  private readonly signals: Signal<number>[] = Array.from({ length: SIGNALS }, () => signal(0));
  private readonly disposers: (() => void)[] = [];

  constructor(private readonly spend: () => void) {}

  create(priority: number, reads: readonly number[]): void {
    const number = this.disposers.length;
    const body = () => {
      for (const which of reads) this.signals[which]?.get();
      this.log.push(`${number}`);
      this.spend();
    };
    this.disposers.push(createEffect(body, { priority }));
  }

  dispose(which: number): void {
    this.disposers[which % this.disposers.length]?.();
  }

  write(which: number): void {
    this.signals[which]?.set((value) => value + 1);
  }

  flush(upTo: number): void {
    if (upTo === LAST) flushSync();
    else flushSync({ upTo });
  }

  async microtask(): Promise<void> {
    await null;
  }

  async turn(): Promise<void> {
    /* First what is due: it may ask for a slice, which then comes in this turn. */
    await null;
    await new Promise((resolve) => setImmediate(resolve));
  }

  end(): void {
    for (const dispose of this.disposers) dispose();
    flushSync();
  }
}

const priority = fc.constantFrom(-200, -100, 0, 0, 99, 100, 100, 100, 101, 300);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("create" as const),
      priority,
      reads: fc.uniqueArray(fc.nat(SIGNALS - 1), { minLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("dispose" as const), which: fc.nat(50) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("write" as const), which: fc.nat(SIGNALS - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("flush" as const),
      upTo: fc.constantFrom(-150, 0, 99, 100, 200, LAST),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("microtask" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
);
const program = fc.array(step, { maxLength: 60, size: "max" });

async function play(machine: Machine, steps: readonly Step[]): Promise<string[]> {
  for (const one of steps) {
    machine.log.push(one.do);
    if (one.do === "create") machine.create(one.priority, one.reads);
    else if (one.do === "dispose") machine.dispose(one.which);
    else if (one.do === "write") machine.write(one.which);
    else if (one.do === "flush") machine.flush(one.upTo);
    else await machine[one.do]();
  }
  /* What runs later is no part of the program. */
  return [...machine.log];
}

describe("P2 the order of runs", () => {
  let now = 0;
  const onLibrary = async (budget: number, steps: readonly Step[]): Promise<string[]> => {
    configureScheduler({ budgetMs: budget });
    const library = new Library(() => now++);
    const log = await play(library, steps);
    expect(checkEngine()).toBeUndefined();
    library.end();
    await library.turn();
    expect(engine().counters.queued).toBe(0);
    return log;
  };

  beforeEach(() => {
    now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    configureScheduler({ budgetMs: null });
  });

  it("is that of the model under priorities, disposals, limited flushes and slices", async () => {
    const budgets = fc.constantFrom(1, 2, 3, 7, Number.POSITIVE_INFINITY);
    const steps = program.map((some): Step[] => [
      { do: "create", priority: 100, reads: [0, 1] },
      { do: "create", priority: 300, reads: [0] },
      ...some,
    ]);
    await fc.assert(
      fc.asyncProperty(budgets, steps, async (budget, some) => {
        expect(await onLibrary(budget, some)).toEqual(await play(new Model(budget), some));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it("a write that nobody observed takes no slice from others", async () => {
    const read = (priority: number, which: number): Step => {
      return { do: "create", priority, reads: [which] };
    };
    const write = (which: number): Step => ({ do: "write", which });
    const turn: Step = { do: "turn" };
    /* Signal 2 is written before the third effect is there: that effect has seen it, and never waits. */
    const steps = [read(100, 0), read(300, 0), write(2), read(300, 2), write(0), turn];
    const log = await onLibrary(1, [...steps, write(0), turn]);
    const again = ["write", "turn", "0", "1"];
    expect(log.slice(-8)).toEqual([...again, ...again]);
  });

  it("is that of the model under a load that never ends", async () => {
    const effects: Step[] = [100, 100, 100, 200, 300, 0].map((one, i) => ({
      do: "create",
      priority: one,
      reads: [i % SIGNALS, (i + 1) % SIGNALS],
    }));
    const load: Step[] = Array.from({ length: 200 }, (_, i) =>
      i % 2 === 0 ? { do: "write", which: ((i / 2) * 7) % SIGNALS } : { do: "turn" },
    );
    const log = await onLibrary(1, [...effects, ...load]);
    expect(log).toEqual(await play(new Model(1), [...effects, ...load]));
    /* The last two in the order run only because they have waited long enough. */
    expect(log.filter((entry) => entry === "4").length).toBeGreaterThan(1);
  });
});

forEachEngine("P2 determinism", ({ signal, createEffect, batch, flushSync }) => {
  it("the same calls give the same runs", () => {
    const record = (): string[] => {
      const log: string[] = [];
      const all = Array.from({ length: 5 }, (_, i) => signal(i));
      const disposers = Array.from({ length: 30 }, (_, e) =>
        createEffect(
          () => {
            const seen = all.map((one, i) => ((i * 3 + e) % 4 === 0 ? one.get() : "-"));
            log.push(`${e}:${seen.join("")}`);
            if (e % 11 === 0 && Number(seen[0]) > 5) all[4]?.set(e);
          },
          { priority: ((e * 7) % 5) * 100 - 200 },
        ),
      );
      for (let round = 0; round < 25; round++) {
        batch(() => {
          all[(round * 3) % 5]?.set(round);
          all[(round * 2) % 5]?.set(round + 1);
        });
        if (round % 6 === 5) disposers[round]?.();
        flushSync();
      }
      for (const dispose of disposers) dispose();
      return log;
    };
    const first = record();
    expect(first.length).toBeGreaterThan(100);
    expect(record()).toEqual(first);
  });
});
