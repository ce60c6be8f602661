/**
 * S2: what is marked although it is valid. A computed that ran before it was observed, after a write that was
 * not marked yet, is marked when that is; no later write may be stopped by the mark.
 */
import { batch, computed, createEffect, flushSync, signal, untracked } from "@signal-kernel/core";
import { expect, it } from "vitest";

it("a computed wakes its reader that became observed after a write that nobody had marked", () => {
  const source = signal(0);
  const raised = signal(0);
  const late = signal(false);
  const sum = computed(() => source.get() + raised.get());
  const seen: number[][] = [];
  createEffect(() => {
    const isLate = late.get();
    const first = isLate ? raised.get() : 0;
    const second = isLate ? sum.get() : source.get();
    seen.push([first, second]);
    raised.set((old) => Math.max(old, (first + second) % 8));
    /* It runs `sum` after the write, before the outer run has told anybody what it has read. */
    createEffect(() => void untracked(isLate ? sum.get : source.get));
  });
  late.set(true);
  source.set(100);
  flushSync();
  expect(seen.splice(0)).toEqual([
    [0, 0],
    [0, 100],
    [4, 104],
  ]);
  batch(() => source.set(1));
  expect(seen.splice(0)).toEqual([[4, 5]]);
  batch(() => source.set(2));
  expect(seen.splice(0)).toEqual([[4, 6]]);
});
