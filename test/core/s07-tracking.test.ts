import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S7 tracking", (api) => {
  const { signal, computed, createEffect, onCleanup, untracked, batch, transaction, flushSync } =
    api;

  /** Runs of an effect whose body is `read`, after `write` was made and flushed. */
  function runsAfter(read: () => void, write: () => void): number {
    let runs = 0;
    const dispose = createEffect(() => {
      runs++;
      read();
    });
    flushSync();
    runs = 0;
    write();
    flushSync();
    dispose();
    return runs;
  }

  it("get() tracks, peek() does not", () => {
    const a = signal(0);
    expect(
      runsAfter(
        () => void a.get(),
        () => a.set(1),
      ),
    ).toBe(1);
    expect(
      runsAfter(
        () => void a.peek(),
        () => a.set(2),
      ),
    ).toBe(0);
    const c = computed(() => a.get());
    c.get();
    expect(
      runsAfter(
        () => void c.get(),
        () => a.set(3),
      ),
    ).toBe(1);
    expect(
      runsAfter(
        () => void c.peek(),
        () => a.set(4),
      ),
    ).toBe(0);
  });

  it("untracked() does not track, and hands its result and its throw through", () => {
    const a = signal(0);
    const c = computed(() => a.get());
    expect(
      runsAfter(
        () => void untracked(() => a.get() + c.get()),
        () => a.set(1),
      ),
    ).toBe(0);
    expect(untracked(() => "result")).toBe("result");
    expect(() =>
      untracked(() => {
        throw new Error("through");
      }),
    ).toThrow("through");
  });

  it("tracks again after untracked() ended, also when it threw", () => {
    const a = signal(0);
    const read = () => {
      try {
        untracked(() => {
          throw new Error("inside");
        });
      } catch {
        a.get();
      }
    };
    expect(runsAfter(read, () => a.set(1))).toBe(1);
  });

  it("untracked() inside a computed does not track, nested and around other computeds", () => {
    const a = signal(1);
    const b = signal(1);
    const inner = computed(() => b.get());
    const c = computed(() => a.get() + untracked(() => untracked(() => inner.get()) + b.get()));
    expect(c.get()).toBe(3);
    b.set(10);
    expect(c.get()).toBe(3);
    a.set(2);
    expect(c.get()).toBe(22);
  });

  it("a computed that is first evaluated under untracked() still tracks for itself", () => {
    const a = signal(1);
    const c = computed(() => a.get());
    expect(untracked(() => c.get())).toBe(1);
    a.set(2);
    expect(c.get()).toBe(2);
  });

  it("an effect created under untracked() still tracks for itself", () => {
    const a = signal(0);
    const seen: number[] = [];
    untracked(() => createEffect(() => void seen.push(a.get())));
    a.set(1);
    flushSync();
    expect(seen).toEqual([0, 1]);
  });

  it("batch() and transaction() inside an effect track as if they were not there", () => {
    const a = signal(0);
    expect(
      runsAfter(
        () => void batch(() => a.get()),
        () => a.set(1),
      ),
    ).toBe(1);
    expect(
      runsAfter(
        () => void transaction(() => a.get()),
        () => a.set(2),
      ),
    ).toBe(1);
  });

  it("reads made by comparators are not tracked", () => {
    const other = signal(0);
    const target = signal(0, (x, y) => other.get() >= 0 && x === y);
    const trigger = signal(0);
    const derived = computed(
      () => trigger.get(),
      (x, y) => other.get() >= 0 && x === y,
    );
    expect(
      runsAfter(
        () => target.set(5),
        () => other.set(1),
      ),
    ).toBe(0);
    trigger.set(1);
    expect(
      runsAfter(
        () => void derived.get(),
        () => other.set(2),
      ),
    ).toBe(0);
    const derive = vi.fn(() => trigger.get());
    const counted = computed(derive, (x, y) => other.get() >= 0 && x === y);
    counted.get();
    trigger.set(2);
    counted.get();
    other.set(3);
    counted.get();
    expect(derive).toHaveBeenCalledTimes(2);
  });

  it("reads made by updaters are not tracked", () => {
    const other = signal(1);
    const target = signal(0);
    expect(
      runsAfter(
        () => target.set(() => other.get()),
        () => other.set(2),
      ),
    ).toBe(0);
    expect(target.get()).toBe(1);
  });

  it("reads made by cleanups are not tracked, at re-run and at dispose", () => {
    const a = signal(0);
    const b = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      a.get();
      onCleanup(() => void b.get());
    });
    a.set(1);
    flushSync();
    b.set(1);
    flushSync();
    expect(runs).toBe(2);
    const victim = createEffect(() => () => void b.get());
    expect(
      runsAfter(
        () => victim(),
        () => b.set(2),
      ),
    ).toBe(0);
  });

  it("reads made by subscribe listeners are not tracked", () => {
    const a = signal(0);
    const b = signal(0);
    const listener = vi.fn(() => void b.get());
    a.subscribe(listener);
    a.set(1);
    flushSync();
    b.set(1);
    flushSync();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(
      runsAfter(
        () => void b.subscribe(() => {}),
        () => b.set(2),
      ),
    ).toBe(0);
  });

  it("reads made by an effect after an await are not tracked", async () => {
    const a = signal(0);
    const late = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      a.get();
      void Promise.resolve().then(() => late.get());
    });
    await Promise.resolve();
    late.set(1);
    flushSync();
    expect(runs).toBe(1);
  });

  it("peek() of a computed that was never evaluated is undefined and does not run it", () => {
    const derive = vi.fn(() => 1);
    const c = computed(derive);
    expect(c.peek()).toBeUndefined();
    expect(derive).not.toHaveBeenCalled();
  });

  it("peek() of a computed is never stale after its first evaluation", () => {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const plus = computed(() => double.get() + 1);
    plus.get();
    a.set(2);
    expect([double.peek(), plus.peek()]).toEqual([4, 5]);
    batch(() => {
      a.set(3);
      expect(plus.peek()).toBe(7);
    });
    const dispose = createEffect(() => void plus.get());
    a.set(4);
    expect(plus.peek()).toBe(9);
    dispose();
    a.set(5);
    expect(plus.peek()).toBe(11);
  });

  it("peek() inside a computed does not make a dependency", () => {
    const a = signal(1);
    const b = signal(1);
    const c = computed(() => a.get() + b.peek());
    c.get();
    b.set(10);
    expect(c.get()).toBe(2);
    a.set(2);
    expect(c.get()).toBe(12);
  });
});
