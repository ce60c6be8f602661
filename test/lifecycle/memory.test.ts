/** Kernel memory comes back: after dispose, when an observer lets go, and for what nobody observes. */
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { checkEngine, engine } from "#engine";

const live = () => {
  const { nodes, edges, tasks } = engine().counters;
  return { nodes, edges, tasks };
};

describe("Kernel memory", () => {
  it("is back where it was after 100,000 signals and computeds were observed and disposed", () => {
    const before = live();
    const round = (): void => {
      const sources = Array.from({ length: 50_000 }, (_, i) => signal(i));
      const doubles = sources.map((s) => computed(() => s.get() * 2));
      const dispose = createEffect(() => {
        for (const d of doubles) d.get();
      });
      const during = live();
      expect(during.nodes - before.nodes).toBe(100_001);
      expect(during.edges - before.edges).toBe(100_000);
      for (const s of sources) s.set((n) => n + 1);
      flushSync();
      dispose();
    };
    round();
    expect(live()).toEqual(before);
    const bytes = engine().counters.bytes;
    round();
    round();
    expect(live()).toEqual(before);
    expect(engine().counters.bytes).toBeLessThanOrEqual(bytes);
    expect(checkEngine()).toBeUndefined();
  });

  it("is not taken by what nobody observes, however much it is read and written", () => {
    const before = engine().counters;
    const sources = Array.from({ length: 10_000 }, (_, i) => signal(i));
    const sums = sources.map((s, i) => computed(() => s.get() + (sources[i >> 1]?.get() ?? 0)));
    for (const s of sums) s.get();
    batch(() => {
      for (const s of sources) s.set((n) => n + 1);
    });
    for (const s of sums) s.get();
    const after = engine().counters;
    expect([after.nodes, after.edges, after.bytes]).toEqual([
      before.nodes,
      before.edges,
      before.bytes,
    ]);
  });

  it("is given back when a dynamic dependency is let go", () => {
    const before = live();
    const on = signal(true);
    const many = Array.from({ length: 1000 }, (_, i) => {
      const s = signal(i);
      return computed(() => s.get());
    });
    const dispose = createEffect(() => {
      if (on.get()) for (const m of many) m.get();
    });
    expect(live().nodes - before.nodes).toBe(2002);
    on.set(false);
    flushSync();
    expect(live().nodes - before.nodes).toBe(2);
    on.set(true);
    flushSync();
    expect(live().nodes - before.nodes).toBe(2002);
    dispose();
    expect(live()).toEqual(before);
  });

  it("stays with a shared node until its last observer goes", () => {
    const before = live();
    const s = signal(1);
    const c = computed(() => s.get());
    const disposers = [1, 2, 3].map(() => createEffect(() => void c.get()));
    for (const dispose of disposers.slice(0, 2)) dispose();
    const left = live();
    expect([left.nodes - before.nodes, left.edges - before.edges]).toEqual([3, 2]);
    disposers[2]?.();
    expect(live()).toEqual(before);
  });

  it("is given back by everything that goes wrong", () => {
    const before = live();
    const s = signal(0);
    const ignore = (fn: () => unknown): void => {
      try {
        fn();
      } catch {
        /* What is thrown is the business of other tests. */
      }
    };
    for (let i = 0; i < 100; i++) {
      ignore(() =>
        createEffect(() => {
          s.get();
          throw new Error("first run");
        }),
      );
      ignore(() =>
        createEffect(() => {
          s.get();
          createEffect(() => void s.get());
          throw new Error("nested");
        }),
      );
      ignore(() => createEffect(() => void computed(() => s.set(s.get())).get()));
      ignore(() =>
        transaction(() => {
          s.set((n) => n + 1);
          createEffect(() => void s.get())();
          throw new Error("rolled back");
        }),
      );
    }
    flushSync();
    expect(live()).toEqual(before);
    expect(checkEngine()).toBeUndefined();
  });

  it("is given back by cycles when their last observer goes", () => {
    const before = live();
    const closed = signal(true);
    const self: { get: () => number } = computed<number>(() => (closed.get() ? self.get() : 0));
    const a: { get: () => number } = computed<number>(() => (closed.get() ? b.get() : 0));
    const b: { get: () => number } = computed<number>(() => a.get());
    for (const read of [self.get, a.get, b.get]) {
      const dispose = createEffect(() => {
        try {
          read();
        } catch {
          closed.get();
        }
      });
      dispose();
      expect(live()).toEqual(before);
    }
    expect(() => a.get()).toThrow();
    closed.set(false);
    expect([self.get(), a.get(), b.get()]).toEqual([0, 0, 0]);
  });

  it("of a graph of a million edges is within 72 bytes a node with one edge", () => {
    const before = engine().counters;
    const source = signal(0);
    const all = Array.from({ length: 200_000 }, () => computed(() => source.get()));
    const dispose = createEffect(() => {
      for (const c of all) c.get();
    });
    const during = engine().counters;
    const edges = during.edges - before.edges;
    const nodes = during.nodes - before.nodes;
    expect([nodes, edges]).toEqual([200_002, 400_000]);
    /* Two edges a node here; arrays grow by doubling, so up to twice of what is used is held. */
    expect((during.bytes - before.bytes) / nodes).toBeLessThan(2 * (72 + 36));
    dispose();
  });
});
