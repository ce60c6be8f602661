import {
  computed,
  createEffect,
  createScope,
  flushSync,
  signal,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, it, vi } from "vitest";
import { deferred, quiet } from "../async/support.js";

const increment = (n: number) => n + 1;

describe("T4 asynchronous transactions are isolated", () => {
  it("plain writes before and after an await are staged, and seen inside only", async () => {
    const a = signal(1);
    const gate = deferred();
    const done = transaction(async () => {
      a.set(2);
      expect([a.get(), a.peek()]).toEqual([2, 2]);
      await gate.promise;
      a.set(increment);
      return a.get();
    });
    expect(a.get()).toBe(1);
    await quiet();
    expect(a.get()).toBe(1);
    gate.resolve(null);
    expect(await done).toBe(3);
    expect(a.get()).toBe(3);
  });

  it("reads see the state as of the beginning, whatever is committed meanwhile", async () => {
    const a = signal(1);
    const b = signal(1);
    const sum = computed(() => a.get() + b.get());
    const gate = deferred();
    const done = transaction(async () => {
      const before = a.get();
      await gate.promise;
      return [before, a.get(), b.get(), sum.get()];
    });
    a.set(10);
    a.set(20);
    b.set(5);
    gate.resolve(null);
    expect(await done).toEqual([1, 1, 1, 2]);
  });

  it("a computed inside sees what is staged; its committed value and observers are undisturbed", async () => {
    const a = signal(1);
    let runs = 0;
    const double = computed(() => (runs++, a.get() * 2));
    const effect = vi.fn(() => void double.get());
    createEffect(effect);
    const gate = deferred();
    const done = transaction(async () => {
      a.set(5);
      const inside = [double.get(), double.get(), double.peek()];
      await gate.promise;
      return inside;
    });
    expect(runs).toBe(2);
    expect(double.get()).toBe(2);
    flushSync();
    expect([runs, effect.mock.calls.length]).toEqual([2, 1]);
    gate.resolve(null);
    expect(await done).toEqual([10, 10, 10]);
    expect([double.get(), effect.mock.calls.length]).toEqual([10, 2]);
  });

  it("a computed that throws inside throws to its reader there, and nowhere else", async () => {
    const a = signal(0);
    const picky = computed(() => {
      if (a.get() === 1) throw new Error("one");
      return a.get();
    });
    picky.get();
    await transaction(async () => {
      a.set(1);
      expect(() => picky.get()).toThrow("one");
      await null;
      a.set(2);
    });
    expect(picky.get()).toBe(2);
  });

  it("other code is neither captured, nor held up, nor rolled back with it", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(b.get()));
    const gate = deferred();
    const done = transaction(async () => {
      a.set(1);
      await gate.promise;
    });
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        b.set(1);
        resolve();
      }, 0);
    });
    await quiet();
    expect(seen).toEqual([0, 1]);
    gate.reject(new Error("rolled back"));
    await expect(done).rejects.toThrow("rolled back");
    expect([a.get(), b.get()]).toEqual([0, 1]);
  });

  it("what the effects of a flush start is not part of the transaction that caused the flush", async () => {
    const a = signal(0);
    const later = signal(0);
    const hoped = signal(0);
    let timers: Promise<void>[] = [];
    const fired = async () => {
      for (let i = 0; i < 5; i++) await null;
      await Promise.all(timers);
      timers = [];
    };
    createEffect(() => {
      const n = a.get() + hoped.get();
      if (n === 0) return;
      timers.push(
        new Promise((resolve) =>
          setTimeout(() => {
            later.set(n);
            resolve();
          }, 0),
        ),
      );
    });
    const gate = deferred();
    const done = transaction(async (tx) => {
      tx.optimistic(hoped, 1);
      await gate.promise;
    });
    a.set(1);
    await fired();
    expect(later.get()).toBe(2);
    gate.reject(new Error("no"));
    await expect(done).rejects.toThrow("no");
    await fired();
    expect(later.get()).toBe(1);
  });

  it("a handler of errors is not part of the transaction whose optimistic value caused them", async () => {
    const hoped = signal(0);
    const errors = signal(0);
    createScope(
      () =>
        createEffect(() => {
          if (hoped.get() === 1) throw new Error("one");
        }),
      { onError: () => errors.set(increment) },
    );
    const gate = deferred();
    const done = transaction(async (tx) => {
      tx.optimistic(hoped, 1);
      await gate.promise;
    });
    await quiet();
    expect(errors.get()).toBe(1);
    gate.resolve(null);
    await done;
  });

  it("one that an effect starts stages what it writes before its first await, too", async () => {
    const trigger = signal(0);
    const a = signal(0);
    const gate = deferred();
    const started: Promise<void>[] = [];
    createEffect(() => {
      const n = trigger.get();
      started.push(
        transaction(
          async () => {
            a.set(n + 10);
            expect(a.get()).toBe(n + 10);
            await gate.promise;
          },
          { onConflict: "overwrite" },
        ),
      );
    });
    expect(a.get()).toBe(0);
    trigger.set(1);
    flushSync();
    expect(a.get()).toBe(0);
    gate.resolve(null);
    await Promise.all(started);
    expect(a.get()).toBe(11);
  });

  it("the commit is one flush", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: string[] = [];
    createEffect(() => void seen.push(`${a.get()} ${b.get()}`));
    await transaction(async () => {
      a.set(1);
      await null;
      b.set(2);
      await quiet();
      a.set(3);
    });
    expect(seen).toEqual(["0 0", "3 2"]);
  });

  it("one that never settles holds nothing back", async () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    void transaction(async () => {
      a.set(100);
      await new Promise(() => {});
    });
    a.set(1);
    await quiet();
    await transaction(async () => a.set(2));
    expect(seen).toEqual([0, 1, 2]);
  });
});
