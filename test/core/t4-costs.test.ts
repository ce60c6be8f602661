import {
  AsyncContextError,
  configureTransactions,
  createScope,
  type Signal,
  signal,
  type TransactionHandle,
  transaction,
} from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { afterEach, describe, expect, it } from "vitest";
import { deferred } from "../async/support.js";

const increment = (n: number) => n + 1;

describe("T4 without an asynchronous context", () => {
  afterEach(() => configureTransactions({ asyncContext: true }));

  it("a transaction works through its handle, and what it cannot attribute is refused", async () => {
    configureTransactions({ asyncContext: false });
    const a = signal(0);
    const done = transaction(async (tx) => {
      tx.set(a, 1);
      expect(() => a.set(9)).toThrow(AsyncContextError);
      await null;
      tx.run(() => a.set(increment));
      return [a.get(), tx.get(a)];
    });
    expect(a.get()).toBe(0);
    expect(await done).toEqual([0, 2]);
    expect(a.get()).toBe(2);
    expect(() => transaction(async () => a.set(5))).toThrow(AsyncContextError);
  });
});

describe("T4 a plain write beside a transaction without a context", () => {
  afterEach(() => configureTransactions({ asyncContext: true }));

  it("is reported as a process warning, once: it may have been meant to be part of it", async () => {
    configureTransactions({ asyncContext: false });
    const warnings: unknown[] = [];
    const onWarning = (warning: Error & { code?: string }) => {
      if (warning.code === "SK_PLAIN_WRITE") warnings.push(warning.message);
    };
    process.on("warning", onWarning);
    try {
      const a = signal(0, { name: "a" });
      const b = signal(0);
      a.set(1);
      await transaction(async (tx) => {
        tx.set(b, 1);
        await null;
        a.set(2);
        a.set(3);
      });
      a.set(4);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("warning", onWarning);
    }
    expect(warnings).toEqual([
      expect.stringMatching(/^Signal a was written while a transaction is open .* use tx\.set/),
    ]);
  });
});

describe("T4 what open transactions cost", () => {
  it("10,000 in flight take memory in proportion, and give it back", async () => {
    const before = engine().counters;
    const gate = deferred();
    const targets: Signal<number>[] = [];
    const work: Promise<unknown>[] = [];
    const bytes: number[] = [];
    for (let i = 1; i <= 10_000; i++) {
      const target = signal(0);
      targets.push(target);
      work.push(
        transaction(async () => {
          target.set(i);
          await gate.promise;
        }),
      );
      if (i === 5000 || i === 10_000) bytes.push(engine().counters.bytes);
    }
    const { counters } = engine();
    expect(counters.transactions - before.transactions).toBe(10_000);
    expect((bytes[1] as number) / (bytes[0] as number)).toBeLessThanOrEqual(2.5);
    gate.resolve(null);
    await Promise.all(work);
    expect(targets.every((target, i) => target.peek() === i + 1)).toBe(true);
    const { transactions, nodes, edges, effects, queued } = engine().counters;
    expect([transactions, nodes, edges, effects, queued]).toEqual([
      before.transactions,
      before.nodes,
      before.edges,
      before.effects,
      before.queued,
    ]);
  });

  it("a scope of many that end in order takes little time more", async () => {
    const timeOf = async (run: (start: () => Promise<unknown>[]) => Promise<unknown>[]) => {
      const gate = deferred();
      const work = run(() => Array.from({ length: 40_000 }, () => transaction(() => gate.promise)));
      const begun = performance.now();
      gate.resolve(null);
      await Promise.all(work);
      return performance.now() - begun;
    };
    const scope = createScope();
    const ratios: number[] = [];
    for (let i = 0; i < 3; i++) {
      const alone = await timeOf((start) => start());
      ratios.push((await timeOf((start) => scope.run(start))) / alone);
    }
    scope.dispose();
    /* To look for each in a list of all would take more than ten times as long. */
    expect(Math.min(...ratios)).toBeLessThan(6);
  });

  it("a commit takes calls in proportion to what was written, whatever else is open", async () => {
    const shared = Array.from({ length: 100 }, () => signal(0));
    const crossings = async (written: number) => {
      const gate = deferred();
      let handle: TransactionHandle | undefined;
      const done = transaction(async (tx) => {
        handle = tx;
        for (const each of shared.slice(0, written)) each.set(increment);
        await gate.promise;
      });
      const before = engine().counters.crossings;
      gate.resolve(null);
      await done;
      expect(handle?.signal.aborted).toBe(false);
      return engine().counters.crossings - before;
    };
    const alone = [await crossings(10), await crossings(100)];
    const gate = deferred();
    const open = shared.flatMap((each) =>
      Array.from({ length: 100 }, () =>
        transaction(
          async () => {
            each.get();
            await gate.promise;
          },
          { isolation: "serializable" },
        ),
      ),
    );
    expect([await crossings(10), await crossings(100)]).toEqual(alone);
    expect(alone[1] as number).toBeLessThanOrEqual((alone[0] as number) + 10 * 90);
    gate.resolve(null);
    await Promise.allSettled(open);
  });
});
