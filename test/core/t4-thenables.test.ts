import { createEffect, signal, transaction } from "@signal-kernel/core";
import { describe, expect, it, vi } from "vitest";
import { thenable, uncaughtDuring } from "../async/support.js";

const increment = (n: number) => n + 1;

describe("T4 functions that turn out to be asynchronous", () => {
  it("a plain function that returns a promise, or a thenable, stages what it has written", async () => {
    const a = signal(0);
    const effect = vi.fn(() => void a.get());
    createEffect(effect);
    let settle = (_: unknown) => {};
    for (const result of [
      Promise.resolve("value"),
      thenable((ok: (value: unknown) => void) => {
        settle = ok;
      }),
    ]) {
      const before = a.get();
      const done = transaction(() => {
        a.set(increment);
        a.set(increment);
        return result;
      });
      expect([a.get(), done instanceof Promise]).toEqual([before, true]);
      await null;
      settle("value");
      expect(await done).toBe("value");
      expect(a.get()).toBe(before + 2);
    }
    expect(effect).toHaveBeenCalledTimes(3);
  });

  it("thenables that throw or reject are failures, and leave no trace", async () => {
    const a = signal(0);
    const uncaught = await uncaughtDuring(async () => {
      for (const then of [
        () => {
          throw new Error("bad");
        },
        (_: unknown, no: (error: unknown) => void) => no(new Error("bad")),
      ]) {
        const done = transaction(() => {
          a.set(1);
          return thenable(then);
        });
        await expect(done).rejects.toThrow("bad");
      }
    });
    expect([a.get(), uncaught]).toEqual([0, []]);
  });
});
