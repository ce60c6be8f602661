/**
 * Calls into C are counted, not timed: a read of what did not change makes none, a write outside a flush
 * makes none, and a flush makes a number that does not grow with the nodes it visits.
 */
import { createStreamResource } from "@signal-kernel/async-runtime";
import { batch, computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { engine } from "#engine";

/** Calls into C that `fn` makes; looking at the counter is not counted. */
function crossings(fn: () => void): number {
  const before = engine().counters.crossings;
  fn();
  return engine().counters.crossings - before;
}

/** `width` chains of computeds behind one signal, all read by one effect. */
function build(width: number, depth: number) {
  const source = signal(0);
  const ends = Array.from({ length: width }, () => {
    let last: { get: () => number } = source;
    for (let i = 0; i < depth; i++) {
      const previous = last;
      last = computed(() => previous.get() + 1);
      /* From the source upwards: a first read from the far end would go deep. */
      last.get();
    }
    return last;
  });
  let runs = 0;
  const dispose = createEffect(() => {
    runs++;
    for (const end of ends) end.get();
  });
  flushSync();
  return { source, ends, dispose, runs: () => runs };
}

describe("Crossings", () => {
  it("are counted at all", () => {
    const { source, dispose } = build(10, 10);
    const calls = crossings(() => {
      source.set(1);
      flushSync();
    });
    expect(calls).toBeGreaterThan(0);
    dispose();
  });

  it("none for reads outside a run, of signals and of computeds that are up to date", () => {
    const { source, ends, dispose } = build(10, 5);
    const calls = crossings(() => {
      for (let i = 0; i < 1000; i++)
        for (const end of ends) end.get() + source.get() + source.peek();
    });
    expect(calls).toBe(0);
    dispose();
  });

  it("none for tracked reads while dependencies stay the same: a run reads 5,000 for no more than one", () => {
    const few = build(1, 1);
    const many = build(5000, 1);
    const flush = (graph: typeof few) =>
      crossings(() => {
        graph.source.set((n) => n + 1);
        flushSync();
      });
    flush(few);
    flush(many);
    expect(flush(many)).toBe(flush(few));
    expect(many.runs()).toBe(3);
    few.dispose();
    many.dispose();
  });

  it("none for a set outside a flush, of observed and unobserved signals", () => {
    const { source, dispose } = build(10, 5);
    const lonely = signal(0);
    flushSync();
    const all = Array.from({ length: 100 }, () => signal(0));
    const watch = createEffect(() => {
      for (const s of all) s.get();
    });
    flushSync();
    const calls = crossings(() => {
      /* In one go: looking at the counters in between may settle what is pending. */
      for (let i = 1; i <= 1000; i++) {
        source.set(i);
        lonely.set(i);
        for (const s of all) s.set(i);
      }
    });
    expect(calls).toBe(0);
    flushSync();
    dispose();
    watch();
  });

  it("as many for a flush of 10,000 nodes as for one of 10", () => {
    const shapes = [
      [10, 1],
      [1, 10],
      [10_000, 1],
      [1, 10_000],
      [100, 100],
    ] as const;
    const counts = shapes.map(([width, depth]) => {
      const graph = build(width, depth);
      let calls = 0;
      for (let i = 1; i <= 3; i++)
        calls = crossings(() => {
          graph.source.set(i);
          flushSync();
        });
      expect(graph.runs()).toBe(4);
      graph.dispose();
      return calls;
    });
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeLessThanOrEqual(4);
  });

  it("as many for a flush of 10,000 effects as for one of 10", () => {
    const counts = [10, 10_000].map((n) => {
      const source = signal(0);
      const disposers = Array.from({ length: n }, () => createEffect(() => void source.get()));
      flushSync();
      let calls = 0;
      for (let i = 1; i <= 3; i++)
        calls = crossings(() => {
          source.set(i);
          flushSync();
        });
      for (const dispose of disposers) dispose();
      return calls;
    });
    expect(counts[1]).toBe(counts[0]);
  });

  it("as many for a batch of 10,000 writes as for one of 10", () => {
    const counts = [10, 10_000].map((n) => {
      const all = Array.from({ length: n }, () => signal(0));
      const dispose = createEffect(() => {
        for (const s of all) s.get();
      });
      flushSync();
      let calls = 0;
      for (let i = 1; i <= 3; i++)
        calls = crossings(() =>
          batch(() => {
            for (const s of all) s.set(i);
          }),
        );
      dispose();
      return calls;
    });
    expect(counts[1]).toBe(counts[0]);
  });
});

describe("Work", () => {
  /** Runs of user functions that one change of one signal among `n` causes. */
  function runsFor(n: number): number {
    let runs = 0;
    const all = Array.from({ length: n }, (_, i) => signal(i));
    const doubles = all.map((s) => computed(() => (runs++, s.get() * 2)));
    const disposers = doubles.map((d) =>
      createEffect(() => {
        runs++;
        d.get();
      }),
    );
    runs = 0;
    all[n >> 1]?.set(-1);
    flushSync();
    for (const dispose of disposers) dispose();
    return runs;
  }

  it("is that of what depends on the change, however large the graph is", () => {
    expect([runsFor(10), runsFor(10_000)]).toEqual([2, 2]);
  });

  it("of n diamonds in a row is linear in n, never exponential", () => {
    const counts = [20, 40].map((n) => {
      let runs = 0;
      const source = signal(0);
      let last: { get: () => number } = source;
      for (let i = 0; i < n; i++) {
        const top = last;
        const left = computed(() => (runs++, top.get() + 1));
        const right = computed(() => (runs++, top.get() + 2));
        last = computed(() => (runs++, left.get() + right.get()));
      }
      const end = last;
      const dispose = createEffect(() => void end.get());
      runs = 0;
      source.set(1);
      flushSync();
      const observed = runs;
      dispose();
      runs = 0;
      source.set(2);
      end.get();
      return [observed, runs];
    });
    expect(counts).toEqual([
      [60, 60],
      [120, 120],
    ]);
  });

  it("of comparators is one call per write and one per run of a computed", () => {
    let compared = 0;
    const count = (a: number, b: number) => (compared++, a === b);
    const a = signal<number>(0, count);
    const c = computed(() => a.get(), count);
    const dispose = createEffect(() => void c.get());
    compared = 0;
    a.set(1);
    expect(compared).toBe(1);
    flushSync();
    expect(compared).toBe(2);
    dispose();
  });

  it("of a stream one for the first chunk, and a flush for those that somebody sees", async () => {
    let emit = (_: number) => {};
    const [value, meta] = createStreamResource(
      () => 0,
      (_, context: { emit(chunk: number): void }) => {
        emit = context.emit;
      },
      { initialValue: 0, reduce: (sum = 0, chunk: number) => sum + chunk },
    );
    let seen = 0;
    const dispose = createEffect(() => {
      seen = value() as number;
    });
    await Promise.resolve();
    await Promise.resolve();
    const first = crossings(() => emit(1));
    const calls = crossings(() => {
      for (let i = 0; i < 1000; i++) emit(1);
    });
    expect([first, calls]).toEqual([1, 0]);
    expect(crossings(flushSync)).toBe(1);
    expect(seen).toBe(1001);
    dispose();
    meta.dispose();
  });
});
