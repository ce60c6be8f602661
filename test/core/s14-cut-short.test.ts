/** S14: a run that the JavaScript stack was too short for leaves nothing behind that no write can wake. */
import { batch, computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { checkEngine } from "#engine";
import { thrownBy } from "../helpers/uncaught.js";

const DEPTH = 30_000;

/** A computed that no stack is deep enough for, unless `short` is set. */
function tooDeep() {
  const short = signal(false);
  const source = signal(1);
  let last: () => number = source.get;
  for (let i = 0; i < DEPTH; i++) {
    const before = last;
    last = computed(() => before() + 1).get;
  }
  const end = computed(() => (short.get() ? -1 : last()));
  return { short, source, end };
}

describe("S14: runs that are cut short", () => {
  test("an effect whose later run found no stack runs again in the next flush", () => {
    const { short, end } = tooDeep();
    const on = signal(false);
    const seen: number[] = [];
    const stop = createEffect(() => void seen.push(on.get() ? end.get() : 0));
    expect(thrownBy(() => batch(() => on.set(true)))).toBeInstanceOf(RangeError);
    expect(checkEngine()).toBe(undefined);
    batch(() => short.set(true));
    expect(seen).toEqual([0, -1]);
    batch(() => short.set(true));
    expect(seen).toEqual([0, -1]);
    stop();
    expect(checkEngine()).toBe(undefined);
  });

  test("so does one that catches the error", () => {
    const { short, end } = tooDeep();
    const seen: unknown[] = [];
    const stop = createEffect(() => {
      try {
        seen.push(end.get());
      } catch (error) {
        seen.push((error as Error).name);
      }
    });
    expect(seen).toEqual(["RangeError"]);
    short.set(true);
    flushSync();
    expect(seen).toEqual(["RangeError", -1]);
    stop();
  });

  test("an effect that was disposed meanwhile does not", () => {
    const { short, end } = tooDeep();
    const on = signal(false);
    let runs = 0;
    const stop = createEffect(() => {
      runs++;
      if (on.get()) end.get();
    });
    expect(thrownBy(() => batch(() => on.set(true)))).toBeInstanceOf(RangeError);
    stop();
    short.set(true);
    flushSync();
    expect(runs).toBe(2);
    expect(checkEngine()).toBe(undefined);
  });
});
