/**
 * P2: the same calls give the same order of runs. What that order is says a naive model: a list that is
 * sorted each time, and a clock that only effects move on.
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

const SIGNALS = 4;
const BACKGROUND = 100;
const EVERY = 8;
const LAST = 2 ** 31 - 1;

type Step =
  | { readonly do: "create"; readonly priority: number; readonly reads: readonly number[] }
  | { readonly do: "dispose"; readonly which: number }
  | { readonly do: "write"; readonly which: number }
  | { readonly do: "flush"; readonly upTo: number }
  | { readonly do: "microtask" | "turn" };

/** What a program is run on: the library, or the model. Each effect that runs is told by its number. */
interface Machine {
  readonly log: string[];
  create(priority: number, reads: readonly number[]): void;
  dispose(which: number): void;
  write(which: number): void;
  flush(upTo: number): void;
  microtask(): Promise<void> | void;
  turn(): Promise<void> | void;
}

interface Planned {
  readonly number: number;
  readonly priority: number;
  readonly reads: ReadonlySet<number>;
  isAlive: boolean;
  /** The how manieth wake-up made it due; 0: it is not due. */
  since: number;
  /** Up to which write its last run has seen everything. */
  seen: number;
}

class Model implements Machine {
  readonly log: string[] = [];
  private readonly effects: Planned[] = [];
  private written = new Set<number>();
  /** When each signal was last written. */
  private readonly changed: number[] = Array.from({ length: SIGNALS }, () => 0);
  private writes = 0;
  private wakes = 0;
  private clock = 0;
  private isDirty = false;
  private isDeferred = false;
  private isAsked = false;
  private slices = 0;

  constructor(private readonly budget: number) {}

  create(priority: number, reads: readonly number[]): void {
    const number = this.effects.length;
    this.effects.push({
      number,
      priority,
      reads: new Set(reads),
      isAlive: true,
      since: 0,
      seen: -1,
    });
    this.run(this.effects[number] as Planned);
  }

  dispose(which: number): void {
    const effect = this.effects[which % this.effects.length];
    if (effect?.isAlive) this.isDirty = true;
    if (effect) effect.isAlive = false;
  }

  write(which: number): void {
    this.written.add(which);
    this.changed[which] = ++this.writes;
    this.isDirty = true;
  }

  private run(effect: Planned): void {
    effect.since = 0;
    /* It was created after the write that made it due: it has seen that. */
    if ([...effect.reads].every((which) => (this.changed[which] as number) <= effect.seen)) return;
    effect.seen = this.writes;
    this.log.push(`${effect.number}`);
    this.clock++;
  }

  private mark(): void {
    this.isDirty = false;
    for (const which of this.written)
      for (const effect of this.effects)
        if (effect.isAlive && effect.since === 0 && effect.reads.has(which))
          effect.since = ++this.wakes;
    this.written = new Set();
  }

  private due(from: number, upTo: number): Planned[] {
    return this.effects
      .filter(({ isAlive, since }) => isAlive && since > 0)
      .filter(({ priority }) => priority >= from && priority <= upTo)
      .sort((a, b) => a.priority - b.priority || a.number - b.number);
  }

  private runUpTo(upTo: number): void {
    this.mark();
    for (const effect of this.due(-LAST, upTo)) this.run(effect);
  }

  /** Background effects until the budget is used up. */
  private runBackground(endsAt: number, owed: number): void {
    let left = owed;
    for (const effect of this.due(BACKGROUND, LAST)) {
      if (left-- <= 0 && this.clock >= endsAt) break;
      this.run(effect);
    }
    this.isDeferred = this.due(BACKGROUND, LAST).length > 0;
    if (this.isDeferred) this.isAsked = true;
    else this.slices = 0;
  }

  flush(upTo: number): void {
    if (!this.isDirty && !this.isDeferred) return;
    this.runUpTo(upTo);
    if (this.due(-LAST, LAST).length > 0) this.isDirty = true;
    if (upTo < LAST) return;
    this.isDeferred = false;
    this.slices = 0;
  }

  microtask(): void {
    if (!this.isDirty) return;
    const endsAt = this.clock + this.budget;
    this.runUpTo(this.budget === Number.POSITIVE_INFINITY ? LAST : BACKGROUND - 1);
    if (!this.isDeferred) this.runBackground(endsAt, 0);
  }

  turn(): void {
    this.microtask();
    if (!this.isAsked) return;
    this.isAsked = false;
    if (!this.isDeferred) return;
    const endsAt = this.clock + this.budget;
    let owed = 1;
    this.runUpTo(BACKGROUND - 1);
    if (++this.slices % EVERY === 0) {
      const [oldest] = this.due(BACKGROUND, LAST).sort((a, b) => a.since - b.since);
      if (oldest !== undefined) this.run(oldest);
      if (oldest !== undefined) owed = 0;
    }
    this.runBackground(endsAt, owed);
  }
}

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
      { numRuns: 400, seed: Number(process.env.SK_PROPERTY_SEED ?? 7) },
    );
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
