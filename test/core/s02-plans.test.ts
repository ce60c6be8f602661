/**
 * S2: what follows from a write is the same whether it is planned or not. Each case here was found where a plan
 * was followed that was not whole, or not followed to its end.
 */
import { fromPromise } from "@signal-kernel/async-runtime";
import { batch, computed, createEffect, signal, transaction, untracked } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";

/** More flushes than the library waits for before it makes plans. */
const CALM = 40;

/** Calls `fn` where no more than `spare` frames, of the size of this function's, fit on the stack. */
function nearItsEnd(fn: () => void, spare: number): void {
  let isDone = false;
  /** Returns how many frames have fitted behind its own. */
  const descend = (): number => {
    let fitted = 0;
    try {
      fitted = descend() + 1;
    } catch (error) {
      if (isDone) throw error;
    }
    if (fitted === spare) {
      isDone = true;
      fn();
    }
    return fitted;
  };
  descend();
  if (!isDone) throw new Error("The stack is smaller than that.");
}

describe("S2: plans", () => {
  it("a stack that is too small to make one changes nothing", () => {
    const head = signal(0);
    let last: { get: () => number } = head;
    for (let i = 0; i < 3_000; i++) {
      const before = last;
      last = computed(() => before.get());
      last.get();
    }
    const top = last;
    let seen = -1;
    createEffect(() => {
      seen = top.get();
    });
    for (let i = 1; i <= CALM; i++) {
      nearItsEnd(() => batch(() => head.set(i)), 1_000);
      expect(seen).toBe(i);
    }
    batch(() => head.set(-1));
    expect(seen).toBe(-1);
  });

  it("an effect that was stopped runs at the next change, of whatever it has read", () => {
    const first = signal(0);
    const second = signal(0);
    const loops = signal(true);
    const one = computed(() => first.get());
    const other = computed(() => second.get());
    let seen: number[] = [];
    createEffect(() => {
      const goesOn = untracked(loops.get);
      seen = [one.get(), other.get()];
      if (!goesOn || seen[0] === 0) return;
      first.set((value) => value + 1);
      second.set((value) => value + 1);
    });
    expect(() => batch(() => first.set(1))).toThrow("100");
    loops.set(false);
    for (let i = 1; i <= CALM; i++) {
      batch(() => second.set(1000 + i));
      expect(seen[1]).toBe(1000 + i);
    }
    batch(() => first.set(5000));
    batch(() => second.set(6000));
    expect(seen).toEqual([5000, 6000]);
  });

  it.each(["disposes a computed", "rolls a transaction back"])(
    "a computed that %s, which moves the clock, does not stop what comes after",
    (how) => {
      const source = signal(0);
      const isLarge = computed(() => {
        const value = source.get();
        if (how === "disposes a computed") computed(() => 1).dispose();
        else
          expect(() =>
            transaction(() => {
              throw new Error("taken back");
            }),
          ).toThrow("taken back");
        return value > 4;
      });
      let seen: boolean | undefined;
      createEffect(() => {
        seen = isLarge.get();
      });
      for (let i = 1; i <= CALM; i++) {
        batch(() => source.set(i));
        expect(seen).toBe(i > 4);
      }
    },
  );

  it("a run that moves the words of the graph ends it", () => {
    const key = signal(0);
    const source = signal(0);
    const kept: unknown[] = [];
    /* As a cache of requests does. */
    const start = computed(() => {
      key.get();
      kept.push(fromPromise(() => new Promise(() => undefined)));
      return 0;
    });
    const both = computed(() => start.get() + source.get());
    let seen = -1;
    createEffect(() => {
      seen = both.get();
    });
    for (let i = 1; i <= CALM; i++) batch(() => key.set(i));
    for (let i = 1; i <= 5; i++) {
      batch(() => source.set(i));
      expect(seen).toBe(i);
    }
  });
});
