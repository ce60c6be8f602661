import { computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { describe, expect, it, vi } from "vitest";
import { deferred, quiet, uncaughtDuring } from "../async/support.js";

const increment = (n: number) => n + 1;

/** A transaction that shows `value` of a signal, and then waits. */
function hoping<T>(target: Parameters<typeof show<T>>[1], value: T) {
  const gate = deferred();
  const done = transaction(
    async (tx) => {
      show(tx.optimistic, target, value);
      await gate.promise;
    },
    { onConflict: "overwrite" },
  );
  done.catch(() => {});
  return { gate, done };
}

function show<T>(
  optimistic: (target: { get: () => T; set: (value: T) => void }, value: T) => void,
  target: { get: () => T; set: (value: T) => void },
  value: T,
): void {
  optimistic(target, value);
}

describe("T7 optimistic updates", () => {
  it("are visible at once, to computeds and effects, and the commit makes them lasting", async () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const seen: number[] = [];
    createEffect(() => void seen.push(double.get()));
    const { gate, done } = hoping(a, 5);
    expect([a.get(), double.get()]).toEqual([5, 10]);
    await quiet();
    gate.resolve(null);
    await done;
    expect([a.get(), seen]).toEqual([5, [2, 10]]);
  });

  it("are replaced by what set has put in their place", async () => {
    const a = signal(1);
    for (const isAsync of [true, false]) {
      const seen: number[] = [];
      const stop = createEffect(() => void seen.push(a.get()));
      const body = (tx: Parameters<Parameters<typeof transaction>[0]>[0]) => {
        tx.optimistic(a, 50);
        expect(tx.get(a)).toBe(50);
        tx.set(a, 6);
        return quiet();
      };
      const before = a.get();
      const done = transaction(isAsync ? async (tx) => body(tx) : body);
      expect(a.get()).toBe(50);
      await done;
      expect([a.get(), seen]).toEqual([6, [before, 50, 6]]);
      stop();
      a.set(1);
    }
  });

  it("are taken back by a rejection, and what is committed comes back", async () => {
    const a = signal({ n: 1 });
    const before = a.get();
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get().n));
    const { gate, done } = hoping(a, { n: 2 });
    await quiet();
    gate.reject(new Error("no"));
    await expect(done).rejects.toThrow("no");
    flushSync();
    expect(a.get()).toBe(before);
    expect(seen).toEqual([1, 2, 1]);
  });

  it("shown and taken back before the flush run nothing", async () => {
    const a = signal(1);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    const controller = new AbortController();
    const done = transaction(async (tx) => (tx.optimistic(a, 2), new Promise(() => {})), {
      signal: controller.signal,
    });
    controller.abort();
    await expect(done).rejects.toThrow();
    expect([a.get(), effect.mock.calls.length]).toEqual([1, 1]);
  });

  it("of several transactions lie on each other, in whatever order they end", async () => {
    const a = signal(0);
    const [one, two, three] = [hoping(a, 1), hoping(a, 2), hoping(a, 3)];
    expect(a.get()).toBe(3);
    two.gate.reject(new Error("no"));
    await quiet();
    expect(a.get()).toBe(3);
    three.gate.reject(new Error("no"));
    await quiet();
    expect(a.get()).toBe(1);
    one.gate.resolve(null);
    await quiet();
    expect(a.get()).toBe(1);
  });

  it("are no part of the state that other transactions read, or are in conflict with", async () => {
    const a = signal(0);
    const { gate } = hoping(a, 100);
    await transaction(async () => {
      expect(a.get()).toBe(0);
      a.set(increment);
    });
    expect(a.get()).toBe(100);
    gate.reject(new Error("no"));
    await quiet();
    expect(a.get()).toBe(1);
  });

  it("are replaced by somebody else's plain write, also of the same value, and of one undone", async () => {
    for (const write of [
      (a: { set(n: number): void }) => a.set(7),
      (a: { set(n: number): void }) => a.set(100),
      (a: { set(n: number): void }) => transaction(() => (a.set(7), a.set(100))),
    ]) {
      const a = signal(0);
      const { gate } = hoping(a, 100);
      await quiet();
      write(a);
      const written = a.get();
      gate.reject(new Error("no"));
      await quiet();
      expect(a.get()).toBe(written);
    }
  });

  it("of an inner transaction are the outer one's when that goes on, and go with it", async () => {
    const a = signal(0);
    const gate = deferred();
    const done = transaction(async () => {
      await transaction(async (tx) => tx.optimistic(a, 1));
      await gate.promise;
    });
    await quiet();
    expect(a.get()).toBe(1);
    gate.reject(new Error("no"));
    await expect(done).rejects.toThrow("no");
    expect(a.get()).toBe(0);
  });

  it("go back, and the transaction ends, although a comparator throws then", async () => {
    let isBad = false;
    const a = signal(0, (x, y) => {
      if (isBad) throw new Error("comparator");
      return x === y;
    });
    const uncaught = await uncaughtDuring(async () => {
      const { gate, done } = hoping(a, 1);
      isBad = true;
      gate.reject(new Error("no"));
      await expect(done).rejects.toThrow("no");
    });
    expect([a.get(), uncaught]).toEqual([0, []]);
  });

  it("a comparator that throws at the commit takes all of them back", async () => {
    let isBad = false;
    const a = signal(0);
    const b = signal(0, (x, y) => {
      if (isBad) throw new Error("comparator");
      return x === y;
    });
    const gate = deferred();
    const done = transaction(async (tx) => {
      tx.optimistic(a, 1);
      tx.optimistic(b, 1);
      await gate.promise;
      tx.set(b, 2);
      isBad = true;
    });
    gate.resolve(null);
    await expect(done).rejects.toThrow("comparator");
    expect([a.get(), b.get()]).toEqual([0, 0]);
  });

  it("a synchronous transaction writes them like any other value", () => {
    const a = signal(0);
    transaction((tx) => {
      tx.optimistic(a, 1);
      expect(a.get()).toBe(1);
      tx.set(a, 2);
    });
    expect(a.get()).toBe(2);
    expect(() =>
      transaction((tx) => {
        tx.optimistic(a, 3);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(a.get()).toBe(2);
  });

  it("a plain write that confirms one is taken back with the transaction that made it", async () => {
    const a = signal(0);
    const { gate, done } = hoping(a, 1);
    expect(() =>
      transaction(() => {
        transaction(() => a.set(1));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(a.get()).toBe(1);
    gate.reject(new Error("failed"));
    await expect(done).rejects.toThrow("failed");
    expect(a.get()).toBe(0);
  });

  it("a commit below one that is taken back is no conflict", async () => {
    const a = signal(0);
    const b = signal(0);
    const half = computed(() => {
      if (b.get() === 9) throw new Error("refused");
      return b.get() / 2;
    });
    createEffect(() => void half.get());
    const gate = deferred();
    const above = transaction(async (tx) => {
      tx.optimistic(a, 2);
      await gate.promise;
    });
    const beside = transaction(async () => {
      a.set(3);
      b.set(9);
    });
    await expect(beside).rejects.toThrow("refused");
    gate.resolve(null);
    await above;
    expect(a.get()).toBe(2);
  });

  it("of one that is aborted do not come back with a rollback around that", async () => {
    for (const isWritten of [true, false]) {
      const a = signal(1);
      const seen: number[] = [];
      const stop = createEffect(() => void seen.push(a.get()));
      const controller = new AbortController();
      const done = transaction(
        async (tx) => {
          tx.optimistic(a, 5);
          await new Promise(() => {});
        },
        { signal: controller.signal },
      );
      expect(() =>
        transaction(() => {
          a.set(isWritten ? 9 : 5);
          controller.abort();
          throw new Error("rolled back");
        }),
      ).toThrow("rolled back");
      await expect(done).rejects.toThrow();
      flushSync();
      expect([a.get(), seen.at(-1)]).toEqual([1, 1]);
      await transaction(async () => a.set((n) => n + 1));
      expect([a.get(), seen.at(-1)]).toEqual([2, 2]);
      stop();
    }
  });

  it("that are shown inside a synchronous transaction outlive its rollback, over what was before it", async () => {
    for (const depth of [1, 2]) {
      const a = signal(1);
      const gate = deferred();
      let done: Promise<unknown> | undefined;
      const body = (left: number): void =>
        transaction(() => {
          a.set(100 + left);
          if (left > 1) return body(left - 1);
          done = transaction(async (tx) => {
            tx.optimistic(a, 5);
            await gate.promise;
            throw new Error("no");
          });
          return undefined;
        });
      expect(() =>
        transaction(() => {
          body(depth);
          throw new Error("rolled back");
        }),
      ).toThrow("rolled back");
      expect(a.get()).toBe(5);
      gate.resolve(null);
      await expect(done).rejects.toThrow("no");
      expect(a.get()).toBe(1);
    }
  });
});
