/** S10, S9: what is thrown may be anything, also what cannot be asked what it is. */
import { batch, computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";

/** A proxy that throws whatever is done with it. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Compared by hand: a matcher would look into it. */
function thrownBy(fn: () => void): unknown[] {
  try {
    fn();
  } catch (error) {
    return [error];
  }
  return [];
}

describe("a revoked proxy that is thrown", () => {
  it("by an effect is thrown by the flush, after all other effects have run", () => {
    const thrown = revoked();
    const source = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      if (source.get() > 0) throw thrown;
    });
    createEffect(() => void seen.push(source.get()));
    source.set(1);
    const [error] = thrownBy(flushSync);
    expect(error === thrown).toBe(true);
    expect(seen).toEqual([0, 1]);
  });

  it("by a computed is thrown by whoever reads it, as long as it throws", () => {
    const thrown = revoked();
    const source = signal(0);
    const c = computed(() => {
      if (source.get() === 1) throw thrown;
      return source.get();
    });
    const outer = computed(() => c.get());
    expect(outer.get()).toBe(0);
    source.set(1);
    const [error] = thrownBy(() => outer.get());
    expect(error === thrown).toBe(true);
    source.set(2);
    expect(outer.get()).toBe(2);
  });

  it("by a batch and its effects arrives with theirs", () => {
    const [first, second] = [revoked(), revoked()];
    const source = signal(0);
    createEffect(() => {
      if (source.get() > 0) throw second;
    });
    const [error] = thrownBy(() =>
      batch(() => {
        source.set(1);
        throw first;
      }),
    );
    const { errors } = error as AggregateError;
    expect(errors.length).toBe(2);
    expect(errors[0] === first && errors[1] === second).toBe(true);
  });
});
