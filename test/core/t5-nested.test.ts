import { signal, transaction } from "@signal-kernel/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Clock, setClock } from "../../lib/engine/clock.js";
import { quiet } from "../async/support.js";

const increment = (n: number) => n + 1;
const sum = (base: number, theirs: number, mine: number) => theirs + mine - base;

describe("T5 conflicts inside of a transaction", () => {
  it("siblings inside one outer transaction are in conflict with each other", async () => {
    const a = signal(0);
    const outcomes = await transaction(async () => {
      const raise = () =>
        transaction(async () => {
          a.set(increment);
          await quiet();
        });
      const both = await Promise.allSettled([raise(), raise()]);
      expect(a.get()).toBe(1);
      return both.map(({ status }) => status);
    });
    expect([outcomes, a.get()]).toEqual([["fulfilled", "rejected"], 1]);
  });

  it("a merge two transactions down knows what both came from", async () => {
    const a = signal(1);
    await transaction(async () => {
      await transaction(
        async () => {
          transaction(() => a.set(11));
          await null;
        },
        { merge: [[a, sum]] },
      );
      const mine = transaction(
        async () => {
          await transaction(async () => a.set((n) => n + 100));
          await quiet();
        },
        { merge: [[a, sum]] },
      );
      a.set(increment);
      await mine;
    });
    expect(a.get()).toBe(112);
  });
});

describe("T5 the time between runs", () => {
  afterEach(() => setClock(null));

  it("is what backoffMs says, a number or a function of the number of runs", async () => {
    const timers: { fn: () => void; ms: number }[] = [];
    const clock: Clock = {
      now: () => 0,
      setTimeout: (fn, ms) => timers.push({ fn, ms }),
      clearTimeout: () => {},
    };
    setClock(clock);
    const a = signal(0);
    const done = transaction(
      async () => {
        a.set(increment);
        await quiet();
      },
      { onConflict: "retry", backoffMs: (attempt) => attempt * 50 },
    );
    for (const ms of [50, 100]) {
      a.set((n) => n + 100);
      await quiet();
      await quiet();
      const timer = timers.shift();
      expect(timer?.ms).toBe(ms);
      timer?.fn();
    }
    await done;
    expect(a.get()).toBe(201);
  });

  it("without backoffMs is none at first, then doubles up to a second, a random half of it", async () => {
    const random = vi.spyOn(Math, "random");
    const waited: number[] = [];
    const clock: Clock = {
      now: () => 0,
      setTimeout: (fn, ms) => {
        waited.push(ms);
        queueMicrotask(fn);
      },
      clearTimeout: () => {},
    };
    setClock(clock);
    for (const [share, expected] of [
      [0, [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500]],
      [1, [2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000]],
    ] as const) {
      random.mockReturnValue(share);
      waited.length = 0;
      const a = signal(0);
      const outcome = transaction(
        async () => {
          a.set(increment);
          await quiet();
        },
        { onConflict: "retry", retries: 12 },
      ).catch((error: unknown) => error);
      let seen: unknown;
      void outcome.then((error) => {
        seen = error;
      });
      /* Somebody else is always faster. */
      while (seen === undefined) {
        a.set((n) => n + 100);
        await quiet();
      }
      expect(seen).toMatchObject({ code: "ERR_SK_TRANSACTION_CONFLICT" });
      expect(waited.filter((ms) => ms > 0)).toEqual(expected);
    }
    random.mockRestore();
  });
});
