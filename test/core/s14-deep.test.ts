/** S14 in one process: chains that are longer than any first capacity. lifecycle/process.test.ts has a million. */
import { batch, computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { checkEngine } from "#engine";

describe("S14 deep graphs", () => {
  it("an observed chain of thousands settles in order, and is cut off in the middle", () => {
    const LENGTH = 5000;
    const MIDDLE = 2500;
    const head = signal(1);
    const runs = new Map<number, number>();
    let last: { get(): number } = head;
    for (let i = 0; i < LENGTH; i++) {
      const before = last;
      last = computed(() => {
        runs.set(i, (runs.get(i) ?? 0) + 1);
        /* From here on only the sign counts. */
        return i === MIDDLE ? Math.sign(before.get()) : before.get() + 1;
      });
      /* From the source up: the first run of a chain is as deep as the chain. */
      last.get();
    }
    const seen: number[] = [];
    const end = createEffect(() => void seen.push(last.get()));
    expect(seen).toEqual([LENGTH - MIDDLE]);
    runs.clear();
    batch(() => head.set(2));
    expect([runs.size, runs.get(MIDDLE), runs.get(MIDDLE + 1)]).toEqual([MIDDLE + 1, 1, undefined]);
    batch(() => head.set(-10_000));
    expect(seen).toEqual([LENGTH - MIDDLE, LENGTH - MIDDLE - 2]);
    end();
    flushSync();
    expect(checkEngine()).toBeUndefined();
  });
});
