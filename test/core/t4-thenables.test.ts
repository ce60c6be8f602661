import { createEffect, signal, transaction } from "@signal-kernel/core";
import { describe, expect, it, vi } from "vitest";
import { checkEngine } from "#engine";
import { thenable, uncaughtDuring } from "../async/support.js";

const increment = (n: number) => n + 1;

describe("T4 functions that turn out to be asynchronous", () => {
  it("what effects throw that were due before is reported, and the transaction goes on", async () => {
    const a = signal(0);
    const b = signal(0);
    const error = new Error("effect");
    createEffect(() => {
      if (a.get() === 1) throw error;
    });
    a.set(1);
    let done: Promise<string> | undefined;
    const uncaught = await uncaughtDuring(async () => {
      done = transaction(() => {
        b.set(1);
        return Promise.resolve("value");
      });
      await done;
    });
    expect(uncaught).toEqual([error]);
    expect([await done, b.get(), checkEngine()]).toEqual(["value", 1, undefined]);
  });

  it("what effects write that were due before is somebody else's: it is a conflict", async () => {
    const a = signal(0);
    const b = signal(0, { name: "b" });
    createEffect(() => {
      if (a.get() === 1) b.set(5);
    });
    a.set(1);
    const done = transaction(() => {
      b.set(1);
      return Promise.resolve();
    });
    await expect(done).rejects.toMatchObject({ signals: ["b"] });
    expect(b.get()).toBe(5);
  });

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
