import {
  computed,
  createEffect,
  createScope,
  flushSync,
  signal,
  TransactionAbortedError,
  type TransactionHandle,
  transaction,
} from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, it, vi } from "vitest";
import { checkEngine } from "#engine";
import { deferred, quiet, uncaughtDuring } from "../async/support.js";
import { thrownBy } from "../helpers/uncaught.js";

const increment = (n: number) => n + 1;
const reason = new Error("aborted");

describe("T6 aborted transactions leave no trace", () => {
  it("a rejection: every value, version and computed is as before, and no effect runs", async () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const effect = vi.fn(() => void double.get());
    createEffect(effect);
    const other = deferred();
    const beside = transaction(async () => {
      a.set(increment);
      await other.promise;
    });
    const done = transaction(async () => {
      a.set(5);
      expect(double.get()).toBe(10);
      await null;
      throw reason;
    });
    await expect(done).rejects.toBe(reason);
    flushSync();
    expect([a.get(), double.get(), effect.mock.calls.length]).toEqual([1, 2, 1]);
    other.resolve(null);
    await beside;
    expect(a.get()).toBe(2);
    expect(checkEngine()).toBe(undefined);
  });

  it("an AbortSignal aborted before: it never begins", async () => {
    const body = vi.fn(async () => {});
    const signal = AbortSignal.abort(reason);
    await expect(transaction(body, { signal })).rejects.toBe(reason);
    expect(thrownBy(() => transaction(() => 1, { signal }))).toBe(reason);
    expect(body).not.toHaveBeenCalled();
  });

  it("aborted while it works: it rejects at once, and what it goes on to write is refused", async () => {
    const a = signal(1);
    const controller = new AbortController();
    const gate = deferred();
    const late: unknown[] = [];
    let handle: TransactionHandle | undefined;
    const done = transaction(
      async (tx) => {
        handle = tx;
        a.set(2);
        await gate.promise;
        for (const write of [
          () => a.set(3),
          () => tx.set(a, 3),
          () => tx.optimistic(a, 3),
          () => transaction(() => a.set(3)),
        ])
          late.push(thrownBy(write));
        late.push(await transaction(async () => a.set(3)).catch((error: unknown) => error));
      },
      { signal: controller.signal },
    );
    expect(handle?.signal.aborted).toBe(false);
    controller.abort(reason);
    expect([handle?.signal.aborted, handle?.signal.reason]).toEqual([true, reason]);
    await expect(done).rejects.toBe(reason);
    gate.resolve(null);
    await quiet();
    expect(late).toHaveLength(5);
    for (const error of late) expect(error).toBeInstanceOf(TransactionAbortedError);
    expect(a.get()).toBe(1);
  });

  it("aborted by its own function, before or after it returned its promise", async () => {
    for (const isAsync of [true, false]) {
      const a = signal(1);
      const controller = new AbortController();
      const work = () => {
        if (!isAsync) a.set(2);
        controller.abort(reason);
      };
      const body = isAsync ? async () => work() : () => (work(), Promise.resolve());
      const { transactions } = engine().counters;
      await expect(transaction(body, { signal: controller.signal })).rejects.toBe(reason);
      expect([a.get(), engine().counters.transactions]).toEqual([1, transactions]);
    }
  });

  it("aborted after its end, or by an effect of its own commit: it has committed", async () => {
    const a = signal(1);
    const controller = new AbortController();
    createEffect(() => {
      if (a.get() === 2) controller.abort(reason);
    });
    const { signal: by } = controller;
    const done = transaction(async () => (a.set(2), "value"), { signal: by });
    expect(await done).toBe("value");
    controller.abort();
    const scope = createScope();
    createEffect(() => {
      if (a.get() === 3) scope.dispose();
    });
    expect(await scope.run(() => transaction(async () => (a.set(3), "value")))).toBe("value");
    expect([a.get(), scope.disposed, checkEngine()]).toEqual([3, true, undefined]);
    /* The context is held still by whoever needs it. */
    expect(await transaction(async () => (await quiet(), a.set(increment), a.get()))).toBe(4);
  });

  it("aborted by a merge or a comparator of its own commit: it is not left half done", async () => {
    const controller = new AbortController();
    const a = signal(1);
    const b = signal(1);
    const { transactions } = engine().counters;
    const done = transaction(
      async () => {
        a.set(increment);
        b.set(2);
        await quiet();
      },
      {
        signal: controller.signal,
        merge: () => {
          controller.abort(reason);
          throw new Error("merge");
        },
      },
    );
    a.set(5);
    await expect(done).rejects.toBe(reason);
    expect([a.get(), b.get(), engine().counters.transactions]).toEqual([5, 1, transactions]);
  });

  it("the end of its scope aborts it, and nobody has to catch that", async () => {
    const a = signal(1);
    const scope = createScope();
    let outcome: Promise<unknown> | undefined;
    const uncaught = await uncaughtDuring(async () => {
      outcome = scope.run(() =>
        transaction(async () => {
          a.set(2);
          await new Promise(() => {});
        }),
      );
      scope.dispose();
      await quiet();
    });
    expect(uncaught).toEqual([]);
    await expect(outcome).rejects.toThrow("was aborted: its scope was disposed");
    expect(a.get()).toBe(1);
  });

  it("in a scope that has ended nothing begins, and nothing leaks", async () => {
    const a = signal(1);
    const scope = createScope();
    const { transactions } = engine().counters;
    const body = vi.fn(async () => a.set(2));
    await scope.run(async () => {
      await null;
      scope.dispose();
      await expect(transaction(body)).rejects.toThrow(TransactionAbortedError);
      const plain = transaction(() => (a.set(3), Promise.resolve()));
      await expect(plain).rejects.toThrow(TransactionAbortedError);
    });
    expect([body.mock.calls.length, a.get()]).toEqual([0, 1]);
    expect(engine().counters.transactions).toBe(transactions);
  });
});
