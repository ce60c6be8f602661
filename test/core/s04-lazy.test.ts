import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S4 lazy", ({ signal, computed, createEffect, batch, flushSync }) => {
  it("does not run a computed that nobody reads", () => {
    const a = signal(1);
    const derive = vi.fn(() => a.get());
    computed(derive);
    a.set(2);
    flushSync();
    batch(() => a.set(3));
    expect(derive).not.toHaveBeenCalled();
  });

  it("caches a read outside effects until something that was read changed", () => {
    const a = signal(1);
    const b = signal(1);
    const derive = vi.fn(() => a.get() + 1);
    const c = computed(derive);
    expect([c.get(), c.get(), c.get()]).toEqual([2, 2, 2]);
    b.set(2);
    c.get();
    expect(derive).toHaveBeenCalledTimes(1);
    a.set(5);
    expect(c.get()).toBe(6);
    expect(derive).toHaveBeenCalledTimes(2);
  });

  it("runs once for many writes before the next read", () => {
    const a = signal(0);
    const derive = vi.fn(() => a.get());
    const c = computed(derive);
    c.get();
    for (let i = 1; i <= 10; i++) a.set(i);
    expect(c.get()).toBe(10);
    expect(derive).toHaveBeenCalledTimes(2);
  });

  it("keeps the cache when the last effect lets go, and does not run for writes after that", () => {
    const a = signal(1);
    const derive = vi.fn(() => a.get());
    const c = computed(derive);
    const dispose = createEffect(() => void c.get());
    dispose();
    expect(c.get()).toBe(1);
    expect(derive).toHaveBeenCalledTimes(1);
    a.set(2);
    flushSync();
    expect(derive).toHaveBeenCalledTimes(1);
    expect(c.get()).toBe(2);
  });

  it("takes the cache over when an effect reads it first after an outside read", () => {
    const a = signal(1);
    const derive = vi.fn(() => a.get());
    const c = computed(derive);
    c.get();
    createEffect(() => void c.get());
    expect(derive).toHaveBeenCalledTimes(1);
    a.set(2);
    flushSync();
    expect(derive).toHaveBeenCalledTimes(2);
  });

  it("evaluates a branch only when it is taken", () => {
    const on = signal(false);
    const derive = vi.fn(() => 1);
    const costly = computed(derive);
    const c = computed(() => (on.get() ? costly.get() : 0));
    c.get();
    expect(derive).not.toHaveBeenCalled();
    on.set(true);
    c.get();
    expect(derive).toHaveBeenCalledTimes(1);
  });

  it("hands a computed its previous value, undefined at first", () => {
    const a = signal(1);
    const seen: unknown[] = [];
    const c = computed<number>((previous) => {
      seen.push(previous);
      return (previous ?? 0) + a.get();
    });
    c.get();
    a.set(10);
    c.get();
    a.set(100);
    expect(c.get()).toBe(111);
    expect(seen).toEqual([undefined, 1, 11]);
  });

  it("hands over the previous value of an observed computed too", () => {
    const a = signal(1);
    const count = computed<number>((previous = 0) => (a.get(), previous + 1));
    createEffect(() => void count.get());
    a.set(2);
    flushSync();
    a.set(3);
    flushSync();
    expect(count.get()).toBe(3);
  });
});
