import { signal, TransactionAbortedError, transaction } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, it } from "vitest";
import { deferred, quiet, uncaughtDuring } from "../async/support.js";
import { thrownBy } from "../helpers/uncaught.js";

const reason = new Error("aborted");

describe("T6 transactions inside of transactions end with them", () => {
  it("inside: what is rolled back is its own, and an outer rollback undoes what it committed", async () => {
    const a = signal(0);
    const b = signal(0);
    const outer = transaction(async () => {
      a.set(1);
      expect(() =>
        transaction(() => {
          a.set(9);
          throw reason;
        }),
      ).toThrow(reason);
      const inner = transaction(async () => {
        a.set(8);
        await null;
        throw reason;
      });
      await expect(inner).rejects.toBe(reason);
      await transaction(async () => {
        await null;
        b.set(1);
      });
      expect([a.get(), b.get()]).toEqual([1, 1]);
      throw new Error("outer");
    });
    await expect(outer).rejects.toThrow("outer");
    expect([a.get(), b.get()]).toEqual([0, 0]);
  });

  it("an outer one that ends first ends those inside, without an unhandled rejection", async () => {
    const a = signal(0);
    const b = signal(0);
    const gate = deferred();
    let inner: Promise<void> | undefined;
    const uncaught = await uncaughtDuring(async () => {
      await transaction(async () => {
        a.set(1);
        inner = transaction(async () => {
          b.set(1);
          await gate.promise;
          b.set(2);
        });
      });
      gate.resolve(null);
      await quiet();
    });
    expect([uncaught, a.get(), b.get()]).toEqual([[], 1, 0]);
    await expect(inner).rejects.toThrow("the transaction around it has ended");
  });

  it("code that goes on after an inner commit belongs to the outer one", async () => {
    const a = signal(0);
    const gate = deferred();
    const outer = transaction(async (tx) => {
      let later: Promise<void> | undefined;
      await transaction(async () => {
        later = (async () => {
          await gate.promise;
          a.set(1);
        })();
      });
      gate.resolve(null);
      await later;
      expect(tx.get(a)).toBe(1);
      throw reason;
    });
    await expect(outer).rejects.toBe(reason);
    expect(a.get()).toBe(0);
  });

  it("an abort in the midst of a synchronous one inside leaves nothing open", async () => {
    const a = signal(0);
    const controller = new AbortController();
    const { transactions } = engine().counters;
    const done = transaction(
      async () => {
        const error = thrownBy(() =>
          transaction(() => {
            a.set(1);
            controller.abort(reason);
          }),
        );
        expect(error).toBeInstanceOf(TransactionAbortedError);
      },
      { signal: controller.signal },
    );
    await expect(done).rejects.toBe(reason);
    await quiet();
    expect([a.get(), engine().counters.transactions]).toEqual([0, transactions]);
  });

  it.each([0, 1000])(
    "one that is to run again in %s ms ends with the one around it",
    async (ms) => {
      const a = signal(0);
      const runs: number[] = [];
      const gates = [deferred(), deferred()];
      let inner: Promise<unknown> = Promise.resolve();
      const uncaught = await uncaughtDuring(async () => {
        const outer = transaction(async (tx) => {
          const options = { onConflict: "retry", retries: 1, backoffMs: ms } as const;
          const body = async () => {
            runs.push(a.get());
            await gates[0]?.promise;
            a.set(1);
          };
          inner = transaction(body, options);
          tx.set(a, 2);
          await gates[1]?.promise;
        });
        for (const gate of gates) gate.resolve(null);
        await outer;
      });
      await expect(inner).rejects.toThrow(TransactionAbortedError);
      expect([a.get(), runs, uncaught]).toEqual([2, [0], []]);
    },
  );
});
