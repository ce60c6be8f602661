import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";
import { thrownBy } from "../helpers/uncaught.js";

forEachEngine("S15 subscribe", ({ signal, createEffect, batch, transaction, flushSync }) => {
  it("calls the listener with each committed new value, not with the present one", async () => {
    const a = signal(0);
    const seen: number[] = [];
    a.subscribe((value) => void seen.push(value));
    expect(seen).toEqual([]);
    a.set(1);
    flushSync();
    a.set(2);
    await Promise.resolve();
    batch(() => a.set(3));
    expect(seen).toEqual([1, 2, 3]);
  });

  it("does not call it for values that were never committed", () => {
    const a = signal(0);
    const seen: number[] = [];
    a.subscribe((value) => void seen.push(value));
    batch(() => {
      a.set(1);
      a.set(2);
    });
    batch(() => {
      a.set(9);
      a.set(2);
    });
    a.set(2);
    flushSync();
    expect(() =>
      transaction(() => {
        a.set(7);
        throw new Error("rolled back");
      }),
    ).toThrow("rolled back");
    flushSync();
    expect(seen).toEqual([2]);
  });

  it("stops when the returned function is called, also inside the listener and more than once", () => {
    const a = signal(0);
    const seen: number[] = [];
    const stop = a.subscribe((value) => {
      seen.push(value);
      if (value === 2) stop();
    });
    for (const n of [1, 2, 3]) {
      a.set(n);
      flushSync();
    }
    stop();
    expect(seen).toEqual([1, 2]);
  });

  it("keeps listeners apart, the same function twice included", () => {
    const a = signal(0);
    const seen: number[] = [];
    const listener = (value: number) => void seen.push(value);
    const first = a.subscribe(listener);
    a.subscribe(listener);
    a.set(1);
    flushSync();
    first();
    a.set(2);
    flushSync();
    expect(seen).toEqual([1, 1, 2]);
  });

  it("lets a listener write, the same signal included", () => {
    const a = signal(0);
    const seen: number[] = [];
    a.subscribe((value) => {
      seen.push(value);
      if (value < 3) a.set(value + 1);
    });
    a.set(1);
    flushSync();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("passes functions and undefined as values", () => {
    const a = signal<unknown>(0);
    const seen: unknown[] = [];
    a.subscribe((value) => void seen.push(value));
    const fn = () => 1;
    a.set(() => fn);
    flushSync();
    a.set(undefined);
    flushSync();
    expect(seen).toEqual([fn, undefined]);
  });

  it("runs no effect of the caller again for the listener's sake", () => {
    const a = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      if (runs === 1) a.subscribe(() => {});
    });
    a.set(1);
    flushSync();
    expect(runs).toBe(1);
  });

  it("refuses what is no function", () => {
    const a = signal(0);
    for (const listener of [undefined, null, 1, "f", {}, { notify() {} }])
      expect(thrownBy(() => a.subscribe(listener as never))).toBeInstanceOf(TypeError);
  });
});
