import {
  createEffect,
  type MergeFunction,
  type Signal,
  signal,
  TransactionConflictError,
  type TransactionOptions,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, it, vi } from "vitest";
import { type Deferred, deferred, quiet } from "../async/support.js";

const increment = (n: number) => n + 1;
const sum = (base: number, theirs: number, mine: number) => theirs + mine - base;

/** Adds `by` in a transaction that waits; meanwhile somebody else may write. */
async function adding(
  target: Signal<number>,
  by: number,
  options: TransactionOptions,
  meanwhile: () => void,
): Promise<unknown> {
  let left = 1;
  const gates = [deferred(), deferred()];
  const done = transaction(
    async () => {
      target.set((n) => n + by);
      if (left-- > 0) await gates[0]?.promise;
      return "committed";
    },
    { backoffMs: 0, ...options },
  );
  meanwhile();
  gates[0]?.resolve(null);
  return done.catch((error: unknown) => error);
}

describe("T5 conflicts", () => {
  it("by default a signal written by somebody else since is an error that names it", async () => {
    const a = signal(1, { name: "account" });
    const error = await adding(a, 10, { name: "pay" }, () => a.set(2));
    expect(error).toBeInstanceOf(TransactionConflictError);
    expect(error).toMatchObject({ code: "ERR_SK_TRANSACTION_CONFLICT", signals: ["account"] });
    expect((error as Error).message).toContain("Transaction pay was in conflict on account");
    expect(a.get()).toBe(2);
  });

  it("a write of the same value, one that is rolled back, and one undone in its batch are none", async () => {
    const a = signal(1);
    const seen = await adding(a, 10, {}, () => {
      a.set(1);
      expect(() =>
        transaction(() => {
          a.set(7);
          throw new Error("no");
        }),
      ).toThrow("no");
    });
    expect([seen, a.get()]).toEqual(["committed", 11]);
  });

  it("what was written before it began, and what it only read, are none", async () => {
    const a = signal(1);
    const b = signal(1);
    a.set(2);
    const gate = deferred();
    const done = transaction(async () => {
      a.set(b.get() + 10);
      await gate.promise;
    });
    b.set(5);
    gate.resolve(null);
    await done;
    expect([a.get(), b.get()]).toEqual([11, 5]);
  });

  it("serializable: what it read, directly or through a transaction inside, is one", async () => {
    for (const isNested of [false, true]) {
      const a = signal(1, { name: "a" });
      const b = signal(1);
      const gate = deferred();
      const done = transaction(
        async () => {
          const value = isNested ? transaction(() => a.get()) : a.get();
          await gate.promise;
          b.set(value + 1);
        },
        { isolation: "serializable" },
      );
      a.set(2);
      gate.resolve(null);
      await expect(done).rejects.toMatchObject({ signals: ["a"] });
      expect(b.get()).toBe(1);
    }
  });

  it("serializable: what a plain function read before its promise counts, and it may be synchronous", async () => {
    const a = signal(1, { name: "a" });
    const b = signal(1);
    const gate = deferred();
    const done = transaction(
      () => {
        b.set(a.get() + 1);
        return gate.promise;
      },
      { isolation: "serializable" },
    );
    a.set(2);
    gate.resolve(null);
    await expect(done).rejects.toMatchObject({ signals: ["a"] });
    expect(transaction(() => (a.set(7), a.get()), { isolation: "serializable" })).toBe(7);
    expect([a.get(), b.get()]).toEqual([7, 1]);
    const effectError = new Error("effect");
    createEffect(() => {
      if (a.get() === 8) throw effectError;
    });
    expect(() => transaction(() => a.set(8), { isolation: "serializable" })).toThrow(effectError);
  });

  it("retry runs the function again, on what is committed now, so often and no more", async () => {
    const a = signal(1);
    const retried = await adding(a, 10, { onConflict: "retry" }, () => a.set(2));
    expect([retried, a.get()]).toEqual(["committed", 12]);
    const gates: Deferred<unknown>[] = [];
    const hopeless = transaction(
      async () => {
        a.set(increment);
        const gate = deferred();
        gates.push(gate);
        await gate.promise;
      },
      { onConflict: "retry", retries: 3, backoffMs: 0 },
    );
    const outcome = expect(hopeless).rejects.toThrow("in conflict 4 times");
    for (let run = 0; run < 4; run++) {
      a.set(increment);
      gates[run]?.resolve(null);
      await quiet();
    }
    await outcome;
    expect([gates.length, a.get()]).toEqual([4, 16]);
  });

  it("overwrite commits all the same", async () => {
    const a = signal(1);
    const b = signal(1);
    const result = await adding(a, 10, { onConflict: "overwrite" }, () => (a.set(2), b.set(3)));
    expect([result, a.get(), b.get()]).toEqual(["committed", 11, 3]);
  });

  it("merge: a function, a list of pairs, or the signal's own option makes one value of two", async () => {
    const a = signal(1, { name: "a" });
    const all = vi.fn((base: unknown, theirs: unknown, mine: unknown) =>
      sum(base as number, theirs as number, mine as number),
    );
    await adding(a, 10, { merge: all }, () => a.set(5));
    expect(all.mock.calls).toEqual([[1, 5, 11, "a"]]);
    expect(a.get()).toBe(15);
    await adding(a, 10, { merge: [[a, sum]] }, () => a.set(6));
    expect(a.get()).toBe(16);
    const own = signal(1, { merge: sum });
    await adding(own, 10, {}, () => own.set(5));
    expect(own.get()).toBe(15);
    const other = signal(1);
    const error = await adding(a, 1, { merge: [[other, sum]] }, () => a.set(0));
    expect(error).toBeInstanceOf(TransactionConflictError);
  });

  it("a merge, a comparator or a backoff that throws rejects, and nothing has changed", async () => {
    const thrown = new Error("user code");
    const fails = () => {
      throw thrown;
    };
    const a = signal(1);
    const b = signal(1, (x, y) => {
      if (y === 13) throw thrown;
      return x === y;
    });
    expect(await adding(a, 10, { merge: fails }, () => a.set(2))).toBe(thrown);
    expect(await adding(a, 10, { onConflict: "retry", backoffMs: fails }, () => a.set(3))).toBe(
      thrown,
    );
    const merge: [Signal<number>, MergeFunction<number>][] = [[b, () => 13]];
    const done = transaction(
      async () => {
        a.set(100);
        b.set(2);
        await quiet();
      },
      { merge },
    );
    b.set(5);
    await expect(done).rejects.toBe(thrown);
    expect([a.get(), b.get()]).toEqual([3, 5]);
  });

  it("what was rolled back around one that had begun with it is a conflict", async () => {
    const a = signal(1);
    const started: Promise<unknown>[] = [];
    const start = (onConflict: "abort" | "retry") =>
      started.push(
        transaction(
          async (tx) => {
            const before = tx.get(a);
            await null;
            tx.set(a, before + 1);
          },
          { onConflict },
        ),
      );
    for (const onConflict of ["abort", "retry"] as const)
      expect(() =>
        transaction(() => {
          a.set(100);
          start(onConflict);
          throw new Error("rolled back");
        }),
      ).toThrow("rolled back");
    const [aborted, retried] = await Promise.allSettled(started);
    expect(aborted).toMatchObject({ reason: { name: "TransactionConflictError" } });
    expect([retried?.status, a.get()]).toEqual(["fulfilled", 2]);
    transaction(() => {
      a.set(100);
      start("abort");
    });
    await started.at(-1);
    expect(a.get()).toBe(101);
  });
});
