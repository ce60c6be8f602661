import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";
import { thrownBy } from "../helpers/uncaught.js";

forEachEngine("T1 synchronous transactions", (api) => {
  const { signal, computed, createEffect, transaction, atomic, batch, flushSync } = api;

  /** Runs `fn` in a transaction that then throws. */
  function rolledBack(fn: () => void): void {
    const error = new Error("rollback");
    expect(
      thrownBy(() =>
        transaction(() => {
          fn();
          throw error;
        }),
      ),
    ).toBe(error);
  }

  it("make all writes visible together, in one flush at the end", () => {
    const a = signal(1);
    const b = signal(2);
    const seen: string[] = [];
    createEffect(() => void seen.push(`${a.get()} ${b.get()}`));
    const result = transaction(() => {
      a.set(10);
      b.set(20);
      expect(seen).toHaveLength(1);
      return a.get() + b.get();
    });
    expect(result).toBe(30);
    expect(seen).toEqual(["1 2", "10 20"]);
  });

  it("atomic is the same function's published name", () => {
    const a = signal(1);
    expect(() =>
      atomic(() => {
        a.set(2);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(a.get()).toBe(1);
    expect(atomic(() => a.set(3))).toBeUndefined();
    expect(a.get()).toBe(3);
  });

  it("a throw restores every value, the first one before many writes", () => {
    const all = Array.from({ length: 10 }, (_, i) => signal(i));
    rolledBack(() => {
      for (const s of all) s.set(-1);
      for (const s of all) s.set((n) => n - 1);
    });
    expect(all.map((s) => s.get())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("a throw runs no effect on its account, now or later", async () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const direct = vi.fn(() => void a.get());
    const derived = vi.fn(() => void double.get());
    createEffect(direct);
    createEffect(derived);
    rolledBack(() => a.set(5));
    flushSync();
    await Promise.resolve();
    expect(direct).toHaveBeenCalledTimes(1);
    expect(derived).toHaveBeenCalledTimes(1);
  });

  it("a throw leaves every computed valid, those that were read inside too", () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const unread = computed(() => a.get() + 100);
    const plus = computed(() => double.get() + 1);
    const seen: number[] = [];
    createEffect(() => void seen.push(plus.get()));
    unread.get();
    rolledBack(() => {
      a.set(5);
      expect([double.get(), plus.get(), unread.get()]).toEqual([10, 11, 105]);
    });
    expect([double.get(), plus.get(), unread.get()]).toEqual([2, 3, 101]);
    a.set(6);
    flushSync();
    expect([double.get(), plus.get(), unread.get()]).toEqual([12, 13, 106]);
    expect(seen).toEqual([3, 13]);
  });

  it("a throw puts a computed back that read other dependencies inside", () => {
    const on = signal(false);
    const a = signal(1);
    const b = signal(2);
    const chosen = computed(() => (on.get() ? a.get() : b.get()));
    const seen: number[] = [];
    createEffect(() => void seen.push(chosen.get()));
    rolledBack(() => {
      on.set(true);
      expect(chosen.get()).toBe(1);
    });
    b.set(20);
    flushSync();
    a.set(10);
    flushSync();
    expect(seen).toEqual([2, 20]);
  });

  it("a throw puts back a computed that threw inside, and one that recovered inside", () => {
    const a = signal(0);
    const bad = computed(() => {
      if (a.get() === 1) throw new Error("one");
      return a.get();
    });
    bad.get();
    rolledBack(() => {
      a.set(1);
      expect(() => bad.get()).toThrow("one");
    });
    expect(bad.get()).toBe(0);
    a.set(1);
    expect(() => bad.get()).toThrow("one");
    rolledBack(() => {
      a.set(2);
      expect(bad.get()).toBe(2);
    });
    expect(() => bad.get()).toThrow("one");
    a.set(3);
    expect(bad.get()).toBe(3);
  });

  it("a computed that was first read inside is right afterwards", () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    rolledBack(() => {
      a.set(5);
      expect(double.get()).toBe(10);
    });
    expect(double.get()).toBe(2);
    a.set(3);
    expect(double.get()).toBe(6);
  });

  it("an effect created inside ends up with the restored values", async () => {
    const a = signal(1);
    const seen: number[] = [];
    rolledBack(() => {
      a.set(5);
      createEffect(() => void seen.push(a.get()));
    });
    await Promise.resolve();
    expect(seen).toEqual([5, 1]);
    a.set(2);
    flushSync();
    expect(seen).toEqual([5, 1, 2]);
  });

  it("an effect created inside that read nothing written inside does not run again", () => {
    const a = signal(1);
    const b = signal(1);
    const body = vi.fn(() => void b.get());
    rolledBack(() => {
      a.set(5);
      createEffect(body);
    });
    flushSync();
    expect(body).toHaveBeenCalledTimes(1);
    b.set(2);
    flushSync();
    expect(body).toHaveBeenCalledTimes(2);
  });

  it("a throw drops only work of its own: effects that were due before still run", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: string[] = [];
    createEffect(() => void seen.push(`${a.get()} ${b.get()}`));
    a.set(1);
    rolledBack(() => {
      a.set(9);
      b.set(9);
    });
    await Promise.resolve();
    expect(seen).toEqual(["0 0", "1 0"]);
  });

  it("a throw after a reversal leaves computeds open to every later write", () => {
    const a = signal(0);
    const near = computed(() => a.get());
    const far = computed(() => near.get());
    near.get();
    batch(() => {
      rolledBack(() => {
        a.set(1);
        near.get();
        a.set(0);
      });
      expect(far.get()).toBe(0);
      a.set(1);
    });
    expect([near.get(), far.get()]).toEqual([1, 1]);
  });

  it("the write after a rollback is seen, whatever its value", () => {
    const a = signal(1);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    rolledBack(() => a.set(2));
    a.set(2);
    flushSync();
    rolledBack(() => a.set(3));
    a.set(1);
    flushSync();
    expect(seen).toEqual([1, 2, 1]);
  });

  it("any thrown value is rethrown as it is", () => {
    const a = signal(1);
    for (const thrown of [undefined, null, 0, "text", Symbol("s")]) {
      const caught = thrownBy(() =>
        transaction(() => {
          a.set(2);
          throw thrown;
        }),
      );
      expect(Object.is(caught, thrown)).toBe(true);
      expect(a.get()).toBe(1);
    }
  });

  it("a transaction that sets values back runs nothing", () => {
    const a = signal(1);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    transaction(() => {
      a.set(2);
      a.set(1);
    });
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it("in a batch: rolled back alone, the batch goes on", () => {
    const a = signal(1);
    const b = signal(1);
    const seen: string[] = [];
    createEffect(() => void seen.push(`${a.get()} ${b.get()}`));
    batch(() => {
      a.set(2);
      rolledBack(() => {
        a.set(3);
        b.set(3);
      });
      expect([a.get(), b.get()]).toEqual([2, 1]);
      b.set(5);
    });
    expect(seen).toEqual(["1 1", "2 5"]);
  });

  it("a batch inside is rolled back with it, and does not flush at its end", () => {
    const a = signal(1);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    rolledBack(() => batch(() => a.set(2)));
    expect(effect).toHaveBeenCalledTimes(1);
    expect(a.get()).toBe(1);
  });

  it("works in an effect: caught there, the effect sees the restored values", () => {
    const trigger = signal(0);
    const a = signal(1);
    const seen: number[] = [];
    createEffect(() => {
      trigger.get();
      rolledBack(() => a.set(9));
      seen.push(a.peek());
    });
    const reader = vi.fn(() => void a.get());
    createEffect(reader);
    trigger.set(1);
    flushSync();
    expect(seen).toEqual([1, 1]);
    expect(reader).toHaveBeenCalledTimes(1);
  });

  it("hands its function a transaction whose get and set are those of the signals", () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    transaction((tx) => {
      tx.set(a, 5);
      expect([tx.get(a), tx.get(double), tx.run(() => a.get())]).toEqual([5, 10, 5]);
    });
    expect(a.get()).toBe(5);
    expect(() =>
      transaction((tx) => {
        tx.set(a, 7);
        throw new Error("tx");
      }),
    ).toThrow("tx");
    expect(a.get()).toBe(5);
  });
});
