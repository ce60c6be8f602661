import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S2 cut-off", ({ signal, computed, createEffect, batch, transaction, flushSync }) => {
  it("runs nothing behind a computed whose new value equals the old one", () => {
    const a = signal(1);
    const sign = computed(() => Math.sign(a.get()));
    const behind = vi.fn(() => sign.get() * 10);
    const value = computed(behind);
    const effect = vi.fn(() => void value.get());
    createEffect(effect);
    a.set(7);
    flushSync();
    expect(behind).toHaveBeenCalledTimes(1);
    expect(effect).toHaveBeenCalledTimes(1);
    a.set(-7);
    flushSync();
    expect(behind).toHaveBeenCalledTimes(2);
    expect(effect).toHaveBeenCalledTimes(2);
  });

  it("does the same for computeds that nobody observes", () => {
    const a = signal(1);
    const sign = computed(() => Math.sign(a.get()));
    const behind = vi.fn(() => sign.get() * 10);
    const value = computed(behind);
    value.get();
    a.set(5);
    expect(value.get()).toBe(10);
    expect(behind).toHaveBeenCalledTimes(1);
  });

  it("goes through one changed branch of two", () => {
    const a = signal(1);
    const constant = computed(() => (a.get(), 0));
    const moving = computed(() => a.get());
    const effect = vi.fn(() => void (constant.get() + moving.get()));
    createEffect(effect);
    a.set(2);
    flushSync();
    expect(effect).toHaveBeenCalledTimes(2);
  });

  it("uses the comparator that was given", () => {
    const point = signal({ x: 1, y: 1 });
    const x = computed(
      () => ({ x: point.get().x }),
      (a, b) => a.x === b.x,
    );
    const effect = vi.fn(() => void x.get());
    createEffect(effect);
    point.set({ x: 1, y: 2 });
    flushSync();
    expect(effect).toHaveBeenCalledTimes(1);
    point.set({ x: 2, y: 2 });
    flushSync();
    expect(effect).toHaveBeenCalledTimes(2);
    expect(x.get()).toEqual({ x: 2 });
  });

  it("keeps the old value of a computed that compares equal", () => {
    const a = signal(1);
    const boxed = computed(() => ({ parity: a.get() % 2 }), {
      equals: (p, q) => p.parity === q.parity,
    });
    const first = boxed.get();
    a.set(3);
    expect(boxed.get()).toBe(first);
  });

  it("takes equals: false as always different, for signals and computeds", () => {
    const a = signal(1, false);
    const b = computed(() => (a.get(), "same"), { equals: false });
    const onSignal = vi.fn(() => void a.get());
    const onComputed = vi.fn(() => void b.get());
    createEffect(onSignal);
    createEffect(onComputed);
    a.set(1);
    flushSync();
    expect(onSignal).toHaveBeenCalledTimes(2);
    expect(onComputed).toHaveBeenCalledTimes(2);
  });

  it("compares with Object.is by default: NaN is NaN, 0 is not -0", () => {
    const a = signal(Number.NaN);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    a.set(Number.NaN);
    flushSync();
    expect(effect).toHaveBeenCalledTimes(1);
    a.set(0);
    flushSync();
    a.set(-0);
    flushSync();
    expect(effect).toHaveBeenCalledTimes(3);
    expect(Object.is(a.get(), -0)).toBe(true);
  });

  it("runs nothing for a write that compares equal, and keeps the old value", () => {
    const old = { id: 1 };
    const a = signal(old, { equals: (p, q) => p.id === q.id });
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    a.set({ id: 1 });
    flushSync();
    expect(effect).toHaveBeenCalledTimes(1);
    expect(a.get()).toBe(old);
  });

  it("runs nothing for a write and its reversal within one batch", () => {
    const a = signal(0);
    const derive = vi.fn(() => a.get() * 2);
    const double = computed(derive);
    const effect = vi.fn(() => void double.get());
    const direct = vi.fn(() => void a.get());
    createEffect(effect);
    createEffect(direct);
    batch(() => {
      a.set(1);
      a.set(2);
      a.set(0);
    });
    expect(derive).toHaveBeenCalledTimes(1);
    expect(effect).toHaveBeenCalledTimes(1);
    expect(direct).toHaveBeenCalledTimes(1);
  });

  it("runs nothing for a reversal in a nested batch", () => {
    const a = signal(0);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    batch(() => {
      a.set(1);
      batch(() => a.set(0));
    });
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it("runs nothing for a reversal when unrelated nodes ran or were read in between", () => {
    const a = signal(0);
    const other = signal(0);
    const unrelated = computed(() => other.get() + 1);
    const derive = vi.fn(() => a.get() * 2);
    const double = computed(derive);
    const effect = vi.fn(() => void double.get());
    const direct = vi.fn(() => void a.get());
    createEffect(effect);
    createEffect(direct);
    createEffect(() => void unrelated.get());
    batch(() => {
      a.set(1);
      other.set(1);
      expect(unrelated.get()).toBe(2);
      a.set(0);
    });
    expect([derive, effect, direct].map((f) => f.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it("runs nothing for a reversal that spans batches and transactions inside the outermost one", () => {
    const a = signal(0);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    batch(() => {
      a.set(1);
      transaction(() => a.set(0));
    });
    transaction(() => {
      a.set(1);
      transaction(() => a.set(2));
      batch(() => a.set(0));
    });
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it("runs nothing for a reversal by an inner transaction that then reads", () => {
    const a = signal(0);
    const late = computed(() => a.get());
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    transaction(() => {
      a.set(1);
      transaction(() => {
        a.set(0);
        late.get();
      });
    });
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it("runs nothing for a reversal after which somebody else read for the first time", () => {
    const a = signal(0);
    const late = computed(() => a.get());
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    batch(() => {
      a.set(1);
      a.set(0);
      late.get();
      createEffect(() => void a.get());
    });
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it("leaves readers right when one of them saw the value in between", () => {
    const a = signal(0);
    const double = computed(() => a.get() * 2);
    const seen: number[] = [];
    createEffect(() => void seen.push(double.get()));
    batch(() => {
      a.set(1);
      expect(double.get()).toBe(2);
      a.set(0);
      expect(double.get()).toBe(0);
    });
    expect(double.get()).toBe(0);
    expect(new Set(seen)).toEqual(new Set([0]));
  });

  it("settles a stale dependency before its reader is started", () => {
    const a = signal(1);
    const log: string[] = [];
    const inner = computed(() => (log.push("inner"), a.get()));
    const outer = computed(() => (log.push("outer starts"), inner.get(), log.push("outer ends")));
    createEffect(() => void outer.get());
    log.length = 0;
    a.set(2);
    flushSync();
    expect(log).toEqual(["inner", "outer starts", "outer ends"]);
  });

  it("does not start an effect while its dependencies are being settled", () => {
    const a = signal(1);
    const log: string[] = [];
    const inner = computed(() => (log.push("computed"), a.get()));
    createEffect(() => {
      log.push("effect starts");
      inner.get();
    });
    log.length = 0;
    a.set(2);
    flushSync();
    expect(log).toEqual(["computed", "effect starts"]);
  });
});
