import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S5 timing", ({ signal, computed, createEffect, batch, transaction, flushSync }) => {
  it("runs an effect at once when it is created, inside a batch too", () => {
    const log: string[] = [];
    createEffect(() => void log.push("first"));
    batch(() => {
      createEffect(() => void log.push("second"));
      log.push("in batch");
    });
    expect(log).toEqual(["first", "second", "in batch"]);
  });

  it("runs effects of plain sets in one microtask", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get() + b.get()));
    a.set(1);
    b.set(1);
    a.set(2);
    expect(seen).toEqual([0]);
    await Promise.resolve();
    expect(seen).toEqual([0, 3]);
  });

  it("has run the effects by the time one following await returns, every time", async () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    for (let i = 1; i <= 3; i++) {
      a.set(i);
      await Promise.resolve();
      expect(seen.at(-1)).toBe(i);
    }
  });

  it("runs them before a microtask that was queued after the set", async () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => void log.push(`effect ${a.get()}`));
    a.set(1);
    queueMicrotask(() => log.push("microtask"));
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual(["effect 0", "effect 1", "microtask"]);
  });

  it("runs them synchronously at the end of the outermost batch", () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    batch(() => {
      a.set(1);
      batch(() => {
        a.set(2);
        batch(() => a.set(3));
        expect(seen).toEqual([0]);
      });
      expect(seen).toEqual([0]);
      a.set(4);
    });
    expect(seen).toEqual([0, 4]);
  });

  it("runs them synchronously at the end of the outermost transaction", () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    transaction(() => {
      a.set(1);
      transaction(() => a.set(2));
      expect(seen).toEqual([0]);
    });
    expect(seen).toEqual([0, 2]);
    batch(() => {
      transaction(() => a.set(3));
      expect(seen).toEqual([0, 2]);
    });
    expect(seen).toEqual([0, 2, 3]);
  });

  it("takes plain sets that are still waiting along with a batch", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: string[] = [];
    createEffect(() => void seen.push(`${a.get()}${b.get()}`));
    a.set(1);
    batch(() => b.set(1));
    expect(seen).toEqual(["00", "11"]);
    await Promise.resolve();
    expect(seen).toEqual(["00", "11"]);
  });

  it("flushSync runs what is due now and leaves nothing for the microtask", async () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    a.set(1);
    flushSync();
    expect(seen).toEqual([0, 1]);
    flushSync();
    await Promise.resolve();
    expect(seen).toEqual([0, 1]);
  });

  it("flushSync starts no flush inside a batch, an effect or a computed", () => {
    const a = signal(0);
    const seen: number[] = [];
    const c = computed(() => {
      flushSync();
      return a.get();
    });
    createEffect(() => {
      seen.push(c.get());
      flushSync();
    });
    batch(() => {
      a.set(1);
      flushSync();
      expect(seen).toEqual([0]);
    });
    expect(seen).toEqual([0, 1]);
  });

  it("returns what the function of a batch or transaction returns", () => {
    expect(batch(() => 42)).toBe(42);
    expect(transaction(() => "done")).toBe("done");
  });

  it("does not hold a batch open for a promise that its function returns", async () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    const promise = batch(async () => {
      a.set(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      a.set(2);
      return "late";
    });
    expect(seen).toEqual([0, 1]);
    expect(await promise).toBe("late");
    await Promise.resolve();
    expect(seen).toEqual([0, 1, 2]);
  });

  it("shows writes at once to reads, only effects wait", () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    createEffect(() => void double.get());
    a.set(2);
    expect([a.get(), a.peek(), double.get(), double.peek()]).toEqual([2, 2, 4, 4]);
    flushSync();
  });

  it("leaves a plain write in a first run to the microtask, whatever earlier flushes did", async () => {
    const trigger = signal(0);
    const inner = signal(0);
    const target = signal(0);
    createEffect(() => {
      trigger.get();
      transaction(() => inner.set((n) => n + 1));
      batch(() => inner.set((n) => n + 1));
    });
    const seen: number[] = [];
    createEffect(() => void seen.push(target.get()));
    trigger.set(1);
    flushSync();
    createEffect(() => target.set(1));
    expect(seen).toEqual([0]);
    await Promise.resolve();
    expect(seen).toEqual([0, 1]);
  });

  it("runs writes made by an effect in the same flush", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: number[] = [];
    createEffect(() => b.set(a.get() * 10));
    createEffect(() => void seen.push(b.get()));
    a.set(1);
    await Promise.resolve();
    expect(seen).toEqual([0, 10]);
  });
});
