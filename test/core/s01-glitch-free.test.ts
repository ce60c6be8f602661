import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S1 glitch-free", ({ signal, computed, createEffect, batch, flushSync }) => {
  it("shows an effect behind a diamond both sides of an update together", () => {
    const a = signal(1);
    const left = computed(() => a.get() * 10);
    const right = computed(() => a.get() * 100);
    const seen: string[] = [];
    createEffect(() => void seen.push(`${left.get()},${right.get()}`));
    a.set(2);
    flushSync();
    a.set(3);
    flushSync();
    expect(seen).toEqual(["10,100", "20,200", "30,300"]);
  });

  it("runs each computed of a diamond once per change, after its inputs", () => {
    const a = signal(1);
    const log: string[] = [];
    const left = computed(() => (log.push("left"), a.get() + 1));
    const right = computed(() => (log.push("right"), a.get() + 2));
    const bottom = computed(() => (log.push("bottom"), left.get() + right.get()));
    createEffect(() => void log.push(`effect ${bottom.get()}`));
    log.length = 0;
    a.set(2);
    flushSync();
    expect([...log].sort()).toEqual(["bottom", "effect 7", "left", "right"]);
    expect(log.at(-1)).toBe("effect 7");
  });

  it("keeps uneven paths consistent: a signal and a long chain from it", () => {
    const a = signal(0);
    let last: { get: () => number } = a;
    for (let i = 0; i < 20; i++) {
      const previous = last;
      last = computed(() => previous.get() + 1);
    }
    const seen: number[] = [];
    createEffect(() => void seen.push(last.get() - a.get()));
    for (let i = 1; i <= 5; i++) {
      a.set(i);
      flushSync();
    }
    expect(seen).toEqual([20, 20, 20, 20, 20, 20]);
  });

  it("never shows a computed half of a batch, whatever reads it inside the batch", () => {
    const first = signal(0);
    const second = signal(0);
    const sum = computed(() => first.get() + second.get());
    const seen: number[] = [];
    createEffect(() => void seen.push(sum.get()));
    batch(() => {
      first.set(1);
      expect(sum.get()).toBe(1);
      second.set(10);
      expect(sum.get()).toBe(11);
    });
    expect(seen).toEqual([0, 11]);
  });

  it("runs an effect that reads one signal through many computeds once per flush", () => {
    const a = signal(1);
    const many = Array.from({ length: 30 }, (_, i) => computed(() => a.get() * i));
    let runs = 0;
    createEffect(() => {
      runs++;
      for (const c of many) c.get();
    });
    a.set(2);
    a.set(3);
    flushSync();
    expect(runs).toBe(2);
  });

  it("runs an effect once for several signals changed in one batch", () => {
    const all = [signal(0), signal(0), signal(0)];
    let runs = 0;
    createEffect(() => {
      runs++;
      for (const s of all) s.get();
    });
    batch(() => {
      for (const s of all) s.set(1);
    });
    expect(runs).toBe(2);
  });

  it("shows an effect what an earlier effect of the flush wrote, computeds included", () => {
    const a = signal(0);
    const copy = signal(0);
    const difference = computed(() => a.get() - copy.get());
    createEffect(() => copy.set(a.get()));
    const seen: number[] = [];
    createEffect(() => void seen.push(difference.get()));
    flushSync();
    a.set(5);
    flushSync();
    expect(seen).toEqual([0]);
    expect(difference.get()).toBe(0);
  });

  it("lets a reader see its own writes at once", () => {
    const trigger = signal(0);
    const target = signal(0);
    const double = computed(() => target.get() * 2);
    const seen: number[] = [];
    createEffect(() => {
      target.set(trigger.get() + 1);
      seen.push(target.peek(), double.peek() ?? double.get());
    });
    trigger.set(4);
    flushSync();
    expect(seen.slice(-2)).toEqual([5, 10]);
  });
});
