import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S3 dependencies", ({ signal, computed, createEffect, batch, flushSync }) => {
  it("are exactly what the last run read", () => {
    const which = signal<"left" | "right">("left");
    const left = signal(1);
    const right = signal(10);
    const effect = vi.fn(() => void (which.get() === "left" ? left.get() : right.get()));
    createEffect(effect);
    right.set(11);
    flushSync();
    expect(effect).toHaveBeenCalledTimes(1);
    which.set("right");
    flushSync();
    left.set(2);
    flushSync();
    expect(effect).toHaveBeenCalledTimes(2);
    right.set(12);
    flushSync();
    expect(effect).toHaveBeenCalledTimes(3);
  });

  it("of a computed follow its branches too, observed or not", () => {
    const on = signal(true);
    const value = signal(1);
    const derive = vi.fn(() => (on.get() ? value.get() : -1));
    const c = computed(derive);
    expect(c.get()).toBe(1);
    on.set(false);
    expect(c.get()).toBe(-1);
    value.set(2);
    expect(c.get()).toBe(-1);
    expect(derive).toHaveBeenCalledTimes(2);
    createEffect(() => void c.get());
    value.set(3);
    flushSync();
    expect(derive).toHaveBeenCalledTimes(2);
    on.set(true);
    flushSync();
    expect(c.get()).toBe(3);
  });

  it("come back when they are read again", () => {
    const on = signal(true);
    const value = signal(1);
    const seen: number[] = [];
    createEffect(() => void seen.push(on.get() ? value.get() : 0));
    on.set(false);
    flushSync();
    value.set(2);
    on.set(true);
    flushSync();
    value.set(3);
    flushSync();
    expect(seen).toEqual([1, 0, 2, 3]);
  });

  it("that were read several times or in another order count once", () => {
    const a = signal(1);
    const b = signal(2);
    const turned = signal(false);
    let runs = 0;
    createEffect(() => {
      runs++;
      if (turned.get()) return void (b.get(), a.get(), b.get());
      return void (a.get(), b.get(), a.get());
    });
    turned.set(true);
    flushSync();
    a.set(5);
    flushSync();
    b.set(6);
    flushSync();
    expect(runs).toBe(4);
  });

  it("shrink and grow by hundreds without losing one", () => {
    const count = signal(1);
    const all = Array.from({ length: 300 }, (_, i) => signal(i));
    let runs = 0;
    createEffect(() => {
      runs++;
      for (let i = 0; i < count.get(); i++) all[i]?.get();
    });
    for (const n of [300, 2, 150, 0, 299]) {
      count.set(n);
      flushSync();
      runs = 0;
      for (const s of all) {
        s.set((v) => v + 1);
        flushSync();
      }
      expect(runs).toBe(n);
    }
  });

  it("behind a guard are not touched once the guard says no", () => {
    const user = signal<{ name: string } | null>({ name: "Ada" });
    const present = computed(() => user.get() !== null);
    const guarded = vi.fn(() => (user.get() as { name: string }).name);
    const name = computed(guarded);
    const seen: string[] = [];
    createEffect(() => void seen.push(present.get() ? name.get() : "nobody"));
    user.set(null);
    flushSync();
    expect(seen).toEqual(["Ada", "nobody"]);
    expect(guarded).toHaveBeenCalledTimes(1);
  });

  it("behind a guard in a computed are protected as well", () => {
    const list = signal<number[] | null>([1, 2]);
    const ready = computed(() => list.get() !== null);
    const guarded = vi.fn(() => (list.get() as number[]).length);
    const length = computed(guarded);
    const text = computed(() => (ready.get() ? `${length.get()} items` : "loading"));
    expect(text.get()).toBe("2 items");
    list.set(null);
    expect(text.get()).toBe("loading");
    createEffect(() => void text.get());
    batch(() => list.set([1]));
    expect(text.get()).toBe("1 items");
    batch(() => list.set(null));
    expect(text.get()).toBe("loading");
    expect(guarded).toHaveBeenCalledTimes(2);
  });

  it("are kept up to the throw when a run throws", () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      const value = a.get();
      seen.push(value);
      if (value === 1) throw new Error("one");
    });
    a.set(1);
    expect(() => flushSync()).toThrow("one");
    a.set(2);
    flushSync();
    expect(seen).toEqual([0, 1, 2]);
  });

  it("of a nested effect are its own, not its parent's", () => {
    const inner = signal(0);
    let outerRuns = 0;
    let innerRuns = 0;
    createEffect(() => {
      outerRuns++;
      createEffect(() => {
        innerRuns++;
        inner.get();
      });
    });
    inner.set(1);
    flushSync();
    expect([outerRuns, innerRuns]).toEqual([1, 2]);
  });
});
