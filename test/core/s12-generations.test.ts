import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { engine } from "#engine";

describe("S12 generations", () => {
  it("a disposer of an effect whose slot was taken again leaves the new one alone", () => {
    const a = signal(0);
    const old = Array.from({ length: 50 }, () => createEffect(() => void a.get()));
    for (const dispose of old) dispose();
    flushSync();
    let runs = 0;
    const fresh = Array.from({ length: 200 }, () => createEffect(() => void (a.get(), runs++)));
    for (const dispose of old) dispose();
    runs = 0;
    a.set(1);
    flushSync();
    expect(runs).toBe(200);
    for (const dispose of fresh) dispose();
  });

  it("handles that lost and regained their kernel nodes many times keep their own values", () => {
    const all = Array.from({ length: 20 }, (_, i) => {
      const source = signal(i);
      return { source, double: computed(() => source.get() * 2) };
    });
    for (let round = 0; round < 200; round++) {
      const chosen = all.filter((_, i) => (i + round) % 3 === 0);
      const seen: number[] = [];
      const dispose = createEffect(() => {
        for (const { double } of chosen) seen.push(double.get());
      });
      expect(seen).toEqual(chosen.map(({ source }) => source.peek() * 2));
      dispose();
      for (const { source } of all) source.set((n) => n + 1);
      flushSync();
    }
    all.forEach(({ source, double }, i) => {
      expect([source.get(), double.get()]).toEqual([i + 200, (i + 200) * 2]);
    });
  });

  it("disposing an effect while it is due, and reusing its slot before the flush, runs only the new one", () => {
    const a = signal(0);
    const log: string[] = [];
    for (let i = 0; i < 100; i++) {
      const dispose = createEffect(() => void log.push(`old ${a.get()}`));
      log.length = 0;
      a.set((n) => n + 1);
      dispose();
      const b = signal(0);
      const keep = createEffect(() => void log.push(`new ${b.get()}`));
      flushSync();
      expect(log).toEqual(["new 0"]);
      keep();
    }
  });

  it("a recycled slot takes no edge of its former owner along", () => {
    const before = engine().counters;
    const a = signal(0);
    for (let round = 0; round < 1000; round++) {
      const b = signal(round);
      const dispose = createEffect(() => void (a.get() + b.get()));
      dispose();
      let runs = 0;
      const other = createEffect(() => void (b.get(), runs++));
      a.set(round + 1);
      flushSync();
      expect(runs).toBe(1);
      other();
    }
    const after = engine().counters;
    expect([after.nodes, after.edges]).toEqual([before.nodes, before.edges]);
  });
});
