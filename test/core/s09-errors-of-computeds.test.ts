import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";
import { thrownBy } from "../helpers/uncaught.js";

interface Readable {
  get: () => number;
}

forEachEngine("S9 cycles and throwing computeds", (api) => {
  const { signal, computed, createEffect, flushSync } = api;

  it("a computed that reads itself throws an error that names it", () => {
    const self: Readable = computed<number>(() => self.get() + 1, { name: "self" });
    const error = thrownBy(self.get);
    expect(error).toMatchObject({ code: "ERR_SK_CYCLE" });
    expect((error as Error).message).toContain("self");
  });

  it("a cycle of three throws an error that names all of them, in order", () => {
    const a: Readable = computed<number>(() => b.get(), { name: "alpha" });
    const b: Readable = computed<number>(() => c.get(), { name: "beta" });
    const c: Readable = computed<number>(() => a.get(), { name: "gamma" });
    const message = (thrownBy(a.get) as Error).message;
    expect(message).toMatch(/alpha.*beta.*gamma.*alpha/s);
  });

  it("a node that only leads to the cycle is not named as part of it", () => {
    const entry = computed<number>(() => a.get(), { name: "entry" });
    const a: Readable = computed<number>(() => b.get(), { name: "alpha" });
    const b: Readable = computed<number>(() => a.get(), { name: "beta" });
    expect((thrownBy(entry.get) as Error).message).not.toContain("entry");
  });

  it("a cycle ends when the read that closes it goes", () => {
    const closed = signal(true);
    const a: Readable = computed<number>(() => (closed.get() ? b.get() : 1));
    const b: Readable = computed<number>(() => a.get() + 1);
    expect(() => a.get()).toThrow();
    expect(() => b.get()).toThrow();
    closed.set(false);
    expect([a.get(), b.get()]).toEqual([1, 2]);
    closed.set(true);
    expect(thrownBy(b.get)).toMatchObject({ code: "ERR_SK_CYCLE" });
    closed.set(false);
    expect([b.get(), a.get()]).toEqual([2, 1]);
  });

  it("a cycle among observed computeds throws in the effect and ends as well", () => {
    const closed = signal(false);
    const a: Readable = computed<number>(() => (closed.get() ? b.get() : 1));
    const b: Readable = computed<number>(() => a.get() + 1);
    const seen: (number | string)[] = [];
    createEffect(() => {
      try {
        seen.push(b.get());
      } catch (error) {
        seen.push((error as { code: string }).code);
      }
    });
    closed.set(true);
    flushSync();
    closed.set(false);
    flushSync();
    expect(seen).toEqual([2, "ERR_SK_CYCLE", 2]);
  });

  it("a cycle through two effects' computeds leaves unrelated nodes alone", () => {
    const self: Readable = computed<number>(() => self.get());
    expect(() => self.get()).toThrow();
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const seen: number[] = [];
    createEffect(() => void seen.push(double.get()));
    a.set(2);
    flushSync();
    expect(seen).toEqual([2, 4]);
  });

  it("a computed may catch the cycle and have a value", () => {
    const a = signal(1);
    const self: Readable = computed<number>(() => {
      const base = a.get();
      try {
        return self.get();
      } catch {
        return base;
      }
    });
    expect(self.get()).toBe(1);
    a.set(2);
    expect(self.get()).toBe(2);
  });

  it("a computed that throws throws the same to each reader, and runs once", () => {
    const a = signal(1);
    const error = new Error("kept");
    const derive = vi.fn(() => {
      if (a.get() === 1) throw error;
      return a.get();
    });
    const c = computed(derive);
    const above = computed(() => c.get());
    expect([thrownBy(c.get), thrownBy(c.get), thrownBy(above.get)]).toEqual([error, error, error]);
    expect(thrownBy(above.get)).toBe(error);
    expect(derive).toHaveBeenCalledTimes(1);
  });

  it("it runs again when something that it read changes, and only then", () => {
    const a = signal(1);
    const b = signal(1);
    const derive = vi.fn(() => {
      if (a.get() === 1) throw new Error("one");
      return a.get();
    });
    const c = computed(derive);
    expect(() => c.get()).toThrow("one");
    b.set(2);
    expect(() => c.get()).toThrow("one");
    expect(derive).toHaveBeenCalledTimes(1);
    a.set(2);
    expect(c.get()).toBe(2);
    a.set(1);
    expect(() => c.get()).toThrow("one");
  });

  it("it wakes the effect that read it when it recovers and when it throws again", () => {
    const a = signal(0);
    const c = computed(() => {
      if (a.get() % 2 === 1) throw new Error(`odd ${a.get()}`);
      return a.get();
    });
    const seen: unknown[] = [];
    createEffect(() => {
      try {
        seen.push(c.get());
      } catch (error) {
        seen.push((error as Error).message);
      }
    });
    for (const n of [1, 2, 3, 3, 4]) {
      a.set(n);
      flushSync();
    }
    expect(seen).toEqual([0, "odd 1", 2, "odd 3", 4]);
  });

  it("a return to the value from before the throw is a change for who saw the throw", () => {
    const a = signal(0);
    const c = computed(() => {
      if (a.get() === 1) throw new Error("one");
      return "constant";
    });
    const seen: unknown[] = [];
    createEffect(() => {
      try {
        seen.push(c.get());
      } catch {
        seen.push("thrown");
      }
    });
    a.set(1);
    flushSync();
    a.set(2);
    flushSync();
    expect(seen).toEqual(["constant", "thrown", "constant"]);
  });

  it.each([undefined, null, 0, "", Number.NaN, "text", Symbol("thrown")])(
    "throws %s as it was thrown",
    (thrown) => {
      const c = computed(() => {
        throw thrown;
      });
      expect(Object.is(thrownBy(c.get), thrown)).toBe(true);
      expect(Object.is(thrownBy(c.get), thrown)).toBe(true);
      createEffect(() => {
        expect(Object.is(thrownBy(c.get), thrown)).toBe(true);
      });
    },
  );

  it("a comparator of a computed that throws is the computed's error, until its next change", () => {
    const a = signal(0);
    const c = computed(
      () => a.get(),
      (_, next) => {
        if (next === 1) throw new Error("comparator");
        return false;
      },
    );
    c.get();
    a.set(1);
    expect(() => c.get()).toThrow("comparator");
    a.set(2);
    expect(c.get()).toBe(2);
  });

  it("what a computed read before it threw is what it depends on", () => {
    const a = signal(0);
    const never = signal(0);
    const derive = vi.fn(() => {
      if (a.get() === 0) throw new Error("early");
      return never.get();
    });
    const c = computed(derive);
    expect(() => c.get()).toThrow("early");
    never.set(1);
    expect(() => c.get()).toThrow("early");
    expect(derive).toHaveBeenCalledTimes(1);
  });
});
