import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  signal,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import { thrownBy } from "../helpers/uncaught.js";

const error = new Error("computed");

/** Signals, a computed that throws on 13, and effects that log what they see. */
function world() {
  const a = signal(1);
  const b = signal(1);
  let runs = 0;
  const picky = computed(() => {
    runs++;
    if (a.get() === 13) throw error;
    return a.get() * 2;
  });
  const seen: string[] = [];
  createEffect(() => void seen.push(`b ${b.get()}`));
  createEffect(() => void seen.push(`picky ${picky.get()}`));
  seen.length = 0;
  return { a, b, picky, seen, runs: () => runs };
}

describe("T3 mutate, compute, commit", () => {
  it("a computed that throws while effects are decided aborts, and nothing becomes visible", () => {
    const { a, b, picky, seen } = world();
    const thrown = thrownBy(() =>
      transaction(() => {
        b.set(2);
        a.set(13);
      }),
    );
    flushSync();
    expect(thrown).toBe(error);
    expect([a.get(), b.get(), picky.get(), seen]).toEqual([1, 1, 2, []]);
    expect(checkEngine()).toBe(undefined);
    a.set(2);
    flushSync();
    expect(seen).toEqual(["picky 4"]);
  });

  it("so does the commit of an asynchronous one, and its promise rejects with the error", async () => {
    const { a, b, picky, seen } = world();
    const done = transaction(async () => {
      b.set(2);
      await null;
      a.set(13);
    });
    await expect(done).rejects.toBe(error);
    expect([a.get(), b.get(), picky.get(), seen]).toEqual([1, 1, 2, []]);
    a.set(2);
    flushSync();
    expect(seen).toEqual(["picky 4"]);
  });

  it("an optimistic value whose commit is aborted by a computed goes, too", async () => {
    const { a, b, seen } = world();
    const done = transaction(async (tx) => {
      tx.optimistic(b, 5);
      await null;
      a.set(13);
    });
    expect(b.get()).toBe(5);
    await expect(done).rejects.toBe(error);
    expect([a.get(), b.get()]).toEqual([1, 1]);
    flushSync();
    expect(seen.filter((entry) => entry.startsWith("picky"))).toEqual([]);
    expect(seen.at(-1) ?? "b 1").toBe("b 1");
  });

  it("a computed that failed before, for another reason, aborts nothing", () => {
    const { a, b, seen } = world();
    expect(thrownBy(() => batch(() => a.set(13)))).toBe(error);
    seen.length = 0;
    transaction(() => b.set(2));
    expect([b.get(), seen]).toEqual([2, ["b 2"]]);
  });

  it("a computed that no effect waits for is not asked", () => {
    const a = signal(1);
    const unread = computed(() => {
      if (a.get() === 13) throw error;
    });
    unread.get();
    transaction(() => a.set(13));
    expect(a.get()).toBe(13);
    expect(() => unread.get()).toThrow(error);
  });

  it("what decides runs once: the effects find it computed", () => {
    const { a, runs, seen } = world();
    const before = runs();
    transaction(() => a.set(2));
    expect([runs() - before, seen]).toEqual([1, ["picky 4"]]);
  });

  it("an effect that throws at the commit is handled by its scope, and the promise resolves", async () => {
    const a = signal(1);
    const errors: unknown[] = [];
    createScope(
      () =>
        createEffect(() => {
          if (a.get() === 2) throw error;
        }),
      { onError: (failure) => errors.push(failure) },
    );
    const done = transaction(async () => {
      a.set(2);
      return "value";
    });
    expect([await done, a.get(), errors]).toEqual(["value", 2, [error]]);
  });
});

describe("S10 a commit that fails", () => {
  it("throws its error first, also when effects that were due before throw (serializable)", () => {
    const due = signal(0);
    const a = signal(0);
    const other = new Error("effect");
    const fails = computed(() => {
      if (a.get() === 1) throw error;
    });
    createEffect(() => void fails.get());
    createEffect(() => {
      if (due.get() === 1) throw other;
    });
    due.set(1);
    const thrown = thrownBy(() =>
      transaction(() => a.set(1), { isolation: "serializable" }),
    ) as AggregateError;
    expect(thrown.errors).toEqual([error, other]);
    expect([a.get(), checkEngine()]).toEqual([0, undefined]);
  });
});
