/** S14: the JavaScript stack ends in the library itself: nothing of the graph is lost or half done. */
import * as imported from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import * as importedEngine from "#engine";

/*
 * As programs have it, from the built files: in the place of each import, those of the library too, the test runner
 * puts a getter, and such a one fails in ways of its own where there is no stack.
 */
const modules = globalThis.process?.getBuiltinModule?.("node:module");
const requireBuilt = modules?.createRequire(import.meta.url);
const core: typeof imported = requireBuilt?.("@signal-kernel/core") ?? imported;
const { checkEngine }: typeof importedEngine =
  requireBuilt?.("@signal-kernel/native/engine") ?? importedEngine;
const { batch, computed, createEffect, createScope, flushSync, onCleanup, signal, transaction } =
  core;

const sink = (depth: number): number => (depth === 0 ? 0 : sink(depth - 1) + 1);
const TOO_DEEP = 1e6;

/** Calls `fn` in every frame on the way back from a full stack, many times. */
function atTheEndOfTheStack(fn: () => void): void {
  let tries = 0;
  const others: unknown[] = [];
  const down = (): void => {
    try {
      down();
    } catch (error) {
      if (!(error instanceof RangeError)) others.push(error);
    }
    if (tries > 200) return;
    tries++;
    try {
      fn();
    } catch (error) {
      const errors = error instanceof AggregateError ? error.errors : [error];
      for (const each of errors) if (!(each instanceof RangeError)) others.push(each);
    }
  };
  down();
  expect(others).toEqual([]);
}

describe("S14: a full stack", () => {
  test("a computed that a flush found too deep does not keep its effect from later changes", () => {
    const depth = signal(1);
    const c = computed(() => sink(depth.get()));
    const seen: number[] = [];
    createEffect(() => void seen.push(c.get()));
    expect(() => batch(() => depth.set(TOO_DEEP))).toThrow(RangeError);
    batch(() => depth.set(3));
    batch(() => depth.set(4));
    expect(seen).toEqual([1, 3, 4]);
  });

  test("an effect that fills the stack by itself runs again in the next flush", () => {
    const depth = signal(1);
    const other = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      const value = sink(depth.peek());
      seen.push(value + other.get());
    });
    depth.set(TOO_DEEP);
    expect(() => batch(() => other.set(10))).toThrow(RangeError);
    depth.set(2);
    flushSync();
    expect(seen).toEqual([1, 12]);
    batch(() => other.set(20));
    expect(seen).toEqual([1, 12, 22]);
  });

  test.each([
    ["a batch", (write: () => void) => batch(() => batch(write))],
    ["a transaction", (write: () => void) => transaction(() => transaction(write))],
    [
      "a flush",
      (write: () => void) => {
        write();
        flushSync();
      },
    ],
    [
      "a transaction that fails",
      (write: () => void) => {
        try {
          transaction(() => {
            write();
            throw new Error("taken back");
          });
        } catch (error) {
          if (error instanceof RangeError) throw error;
        }
      },
    ],
  ])("%s that finds no room leaves nothing open, and no effect behind", (_name, call) => {
    const source = signal(0);
    const double = computed(() => source.get() * 2);
    const seen: number[] = [];
    let live = 0;
    createEffect(() => {
      onCleanup(() => void live--);
      live++;
      seen.push(double.get());
    });
    atTheEndOfTheStack(() => call(() => source.set((n) => n + 1)));
    flushSync();
    expect(seen.at(-1)).toBe(source.get() * 2);
    const before = seen.length;
    source.set((n) => n + 1);
    expect(seen.length).toBe(before);
    batch(() => source.set((n) => n + 1));
    expect(seen.slice(before)).toEqual([source.get() * 2]);
    expect(live).toBe(1);
    expect(checkEngine()).toBe(undefined);
  });

  test("a scope that is disposed without room ends, and so do those that were ended in part", () => {
    const source = signal(0);
    const runs: number[] = [];
    const outer = createScope();
    atTheEndOfTheStack(() => {
      const scope = outer.run(() =>
        createScope(() => {
          createEffect(() => {
            createEffect(() => void runs.push(source.get()));
          });
        }),
      );
      scope.dispose();
    });
    outer.dispose();
    runs.length = 0;
    batch(() => source.set(1));
    expect(runs).toEqual([]);
    expect(checkEngine()).toBe(undefined);
  });
});
