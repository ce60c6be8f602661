/**
 * S4 for computeds that nobody observes: they are not looked at again as long as only signals are written that they
 * do not depend on, and in every other case they are.
 */

import {
  batch,
  computed,
  createEffect,
  createScope,
  signal,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";

/** A computed over a computed over `source`, and a count of the runs of both. */
function ladder<T>(read: () => T) {
  const runs = { count: 0 };
  const inner = computed(() => {
    runs.count++;
    return read();
  });
  const outer = computed(() => {
    runs.count++;
    return inner.get();
  });
  return { inner, outer, runs };
}

/** A ladder that has been looked at again after another write: it goes by the second clock now. */
function lookedAt<T>(read: () => T) {
  const other = signal(0);
  const { inner, outer, runs } = ladder(read);
  outer.get();
  other.set(1);
  outer.get();
  return { inner, other, outer, runs };
}

describe("S4 An unobserved computed, while others are written", () => {
  it("sees its own source after any number of other writes", () => {
    const source = signal(1);
    const other = signal(0);
    const { outer, runs } = ladder(() => source.get());
    expect(outer.get()).toBe(1);
    for (let i = 1; i <= 5; i++) {
      other.set(i);
      expect(outer.get()).toBe(1);
    }
    expect(runs.count).toBe(2);
    source.set(2);
    other.set(-1);
    expect(outer.get()).toBe(2);
    expect(runs.count).toBe(4);
  });

  it("sees a source that it reads since its last run only", () => {
    const which = signal(false);
    const late = signal("a");
    const { outer } = ladder(() => (which.get() ? late.get() : "none"));
    expect(outer.get()).toBe("none");
    late.set("b");
    expect(outer.get()).toBe("none");
    which.set(true);
    expect(outer.get()).toBe("b");
    signal(0).set(1);
    expect(outer.get()).toBe("b");
    late.set("c");
    expect(outer.get()).toBe("c");
  });

  it("sees what an observed computed reads since then", () => {
    const which = signal(false);
    const late = signal("a");
    const other = signal(0);
    const { inner, outer } = ladder(() => (which.get() ? late.get() : "none"));
    outer.get();
    other.set(1);
    expect(outer.get()).toBe("none");
    const dispose = createEffect(() => void inner.get());
    batch(() => which.set(true));
    other.set(2);
    expect(outer.get()).toBe("a");
    batch(() => late.set("b"));
    expect(outer.get()).toBe("b");
    dispose();
    other.set(3);
    expect(outer.get()).toBe("b");
    late.set("c");
    expect(outer.get()).toBe("c");
  });

  it("sees a source that it has read while it was observed", () => {
    const which = signal(false);
    const late = signal(1);
    const { other, outer } = lookedAt(() => (which.get() ? late.get() : 0));
    const dispose = createEffect(() => void outer.get());
    batch(() => which.set(true));
    dispose();
    batch(() => other.set(2));
    expect(outer.get()).toBe(1);
    late.set(2);
    expect(outer.get()).toBe(2);
  });

  it("sees what a transaction takes back", () => {
    const source = signal(1);
    const { other, outer } = lookedAt(() => source.get());
    const attempt = () =>
      transaction(() => {
        source.set(2);
        expect(outer.get()).toBe(2);
        other.set(2);
        expect(outer.get()).toBe(2);
        throw new Error("back");
      });
    expect(attempt).toThrow("back");
    expect(outer.get()).toBe(1);
    other.set(3);
    expect(outer.get()).toBe(1);
    source.set(3);
    expect(outer.get()).toBe(3);
  });

  it("sees a write that is taken back by another write", () => {
    const source = signal(1);
    const { other, outer } = lookedAt(() => source.get());
    batch(() => {
      source.set(2);
      expect(outer.get()).toBe(2);
      other.set(2);
      expect(outer.get()).toBe(2);
      source.set(1);
      expect(outer.get()).toBe(1);
      source.set(2);
      other.set(3);
      source.set(1);
    });
    expect(outer.get()).toBe(1);
    source.set(4);
    expect(outer.get()).toBe(4);
  });

  it("runs again after what it reads was disposed", () => {
    const source = signal(1);
    const { inner, outer, runs } = lookedAt(() => source.get());
    inner.dispose();
    expect(outer.get()).toBe(1);
    expect(runs.count).toBe(3);
  });

  it("sees what an effect writes that it creates", () => {
    const scope = createScope();
    const source = signal(1);
    const other = signal(0);
    const outer = computed(() => {
      const before = source.get();
      if (before === 1) scope.run(() => createEffect(() => source.set(2)));
      return before;
    });
    outer.get();
    other.set(1);
    expect(outer.get()).toBe(2);
    scope.dispose();
  });
});
