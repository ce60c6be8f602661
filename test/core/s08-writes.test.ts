import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";
import { thrownBy } from "../helpers/uncaught.js";

forEachEngine("S8 writes", (api) => {
  const { signal, computed, createEffect, onCleanup, batch, transaction, untracked, flushSync } =
    api;

  it("inside a computed throw a typed error, and write nothing", () => {
    const a = signal(1, { name: "source" });
    const target = signal(0, { name: "target" });
    const c = computed(() => target.set(a.get()), { name: "writer" });
    const error = thrownBy(c.get);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: "ERR_SK_WRITE_IN_COMPUTED" });
    expect((error as Error).message).toContain("target");
    expect((error as Error).message).toContain("writer");
    expect(target.get()).toBe(0);
  });

  it("inside a computed throw in every disguise: updater, equal value, batch, transaction, untracked", () => {
    const target = signal(0);
    const disguises: (() => void)[] = [
      () => target.set(1),
      () => target.set((n) => n + 1),
      () => batch(() => target.set(1)),
      () => transaction(() => target.set(1)),
      () => untracked(() => target.set(1)),
    ];
    for (const write of disguises) {
      expect(thrownBy(computed(write).get)).toMatchObject({ code: "ERR_SK_WRITE_IN_COMPUTED" });
      expect(thrownBy(computed(() => computed(write).get()).get)).toMatchObject({
        code: "ERR_SK_WRITE_IN_COMPUTED",
      });
    }
    expect(target.get()).toBe(0);
  });

  it("inside a computed throw where the write is; a computed that catches it goes on", () => {
    const target = signal(0);
    const c = computed(() => {
      try {
        target.set(1);
      } catch {
        return "caught";
      }
      return "written";
    });
    expect(c.get()).toBe("caught");
    target.set(2);
    expect(target.get()).toBe(2);
  });

  it("inside a computed that an effect reads throw as well", () => {
    const target = signal(0);
    const c = computed(() => target.set(1));
    const errors: unknown[] = [];
    createEffect(() => {
      try {
        c.get();
      } catch (error) {
        errors.push(error);
      }
    });
    expect(errors).toMatchObject([{ code: "ERR_SK_WRITE_IN_COMPUTED" }]);
  });

  it("are allowed again right after a computed refused one", () => {
    const a = signal(0);
    const bad = computed(() => a.set(1));
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    expect(() => bad.get()).toThrow();
    a.set(5);
    flushSync();
    expect(seen).toEqual([0, 5]);
  });

  it("in an effect are allowed: the flush goes on until quiet", () => {
    const count = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      const n = count.get();
      seen.push(n);
      if (n > 0 && n < 5) count.set(n + 1);
    });
    count.set(1);
    flushSync();
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("in the first run of an effect wake it too", async () => {
    const count = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      const n = count.get();
      seen.push(n);
      if (n < 3) count.set(n + 1);
    });
    await Promise.resolve();
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it("of what an effect reads only afterwards do not wake it", () => {
    const trigger = signal(0);
    const target = signal(0);
    const body = vi.fn(() => {
      target.set(trigger.get() + 1);
      target.get();
    });
    createEffect(body);
    flushSync();
    expect(body).toHaveBeenCalledTimes(1);
    trigger.set(1);
    flushSync();
    expect(body).toHaveBeenCalledTimes(2);
    target.set(50);
    flushSync();
    expect(body).toHaveBeenCalledTimes(3);
    expect(target.get()).toBe(2);
  });

  it("that an effect takes back before it ends wake nobody", () => {
    const trigger = signal(0);
    const target = signal(0);
    const reader = vi.fn(() => void target.get());
    createEffect(() => {
      trigger.get();
      target.set(1);
      target.set(0);
    });
    createEffect(reader);
    trigger.set(1);
    flushSync();
    expect(reader).toHaveBeenCalledTimes(1);
  });

  it("in a cleanup are seen by the run that follows it", () => {
    const a = signal(0);
    const b = signal(0);
    const seen: string[] = [];
    createEffect(() => {
      seen.push(`${a.get()} ${b.get()}`);
      onCleanup(() => b.set((n) => n + 1));
    });
    a.set(1);
    flushSync();
    expect(seen).toEqual(["0 0", "1 1"]);
  });

  it("of an effect that keeps waking itself end in an error naming it; others go on", () => {
    const a = signal(0);
    let runs = 0;
    createEffect(
      () => {
        runs++;
        if (a.get() > 0) a.set(a.get() + 1);
      },
      { name: "runaway" },
    );
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    runs = 0;
    a.set(1);
    const error = thrownBy(flushSync);
    expect(error).toMatchObject({ code: "ERR_SK_EFFECT_LOOP" });
    expect((error as Error).message).toContain("runaway");
    expect(runs).toBe(100);
    expect(seen.at(-1)).toBe(a.get());
    expect(seen).toHaveLength(2);
  });

  it("do not start the loop again by themselves, and the stopped effect lives on", async () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      seen.push(a.get());
      if (a.get() % 1000 > 0) a.set(a.get() + 1);
    });
    a.set(1);
    expect(() => flushSync()).toThrow();
    const length = seen.length;
    flushSync();
    await Promise.resolve();
    const other = signal(0);
    createEffect(() => void other.get());
    other.set(1);
    flushSync();
    expect(seen).toHaveLength(length);
    a.set(1000);
    flushSync();
    expect(seen.at(-1)).toBe(1000);
  });

  it("of effects that wake each other for ever end in an error, and all else works", () => {
    const on = signal(false);
    const ping = signal(0);
    const pong = signal(0);
    createEffect(() => void (on.get() && pong.set(ping.get() + 1)), { name: "ping" });
    createEffect(() => void (on.get() && ping.set(pong.get() + 1)), { name: "pong" });
    const other = vi.fn(() => void on.get());
    createEffect(other);
    on.set(true);
    const error = thrownBy(flushSync);
    const all = error instanceof AggregateError ? error.errors : [error];
    for (const each of all) expect(each).toMatchObject({ code: "ERR_SK_EFFECT_LOOP" });
    expect(String(all)).toMatch(/ping|pong/);
    expect(other).toHaveBeenCalledTimes(2);
    on.set(false);
    flushSync();
    expect(other).toHaveBeenCalledTimes(3);
  });

  it("that converge within a hundred runs are no loop", () => {
    const a = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      if (a.get() > 0 && a.get() < 100) a.set(a.get() + 1);
    });
    runs = 0;
    a.set(1);
    flushSync();
    expect([runs, a.get()]).toEqual([100, 100]);
  });

  it("count the runs of each flush anew", () => {
    const a = signal(0);
    createEffect(() => {
      if (a.get() % 60 !== 0) a.set(a.get() + 1);
    });
    for (let i = 0; i < 5; i++) {
      a.set((n) => n + 1);
      flushSync();
    }
    expect(a.get()).toBe(300);
  });
});
