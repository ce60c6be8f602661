/**
 * T4: what an asynchronous transaction creates - an effect, a cell that follows a source - is of the committed
 * state, also where it goes on after an await.
 */
import { createResource } from "@signal-kernel/async-runtime";
import {
  createEffect,
  createScope,
  onCleanup,
  signal,
  type TransactionHandle,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";

describe("T4: what is created inside a transaction", () => {
  it.each(["async", "that returns a promise"])(
    "an effect goes on as code of nobody after an await (function %s)",
    async (kind) => {
      const staged = signal(0);
      const written = signal(0);
      const later: number[] = [];
      let isDone: () => void = () => {};
      const done = new Promise<void>((resolve) => {
        isDone = resolve;
      });
      const work = async () => {
        staged.get();
        await null;
        later.push(staged.peek());
        written.set(5);
        isDone();
      };
      const body = (tx: TransactionHandle) => {
        tx.set(staged, 1);
        onCleanup(
          createEffect(() => {
            void work();
          }),
        );
        return done.then(() => {
          expect([tx.get(staged), tx.get(written)]).toEqual([1, 0]);
          throw new Error("rolled back");
        });
      };
      const end = transaction(kind === "async" ? async (tx) => body(tx) : body);
      await done;
      const ended = expect(end).rejects.toThrow("rolled back");
      expect([new Set(later), written.get()]).toEqual([new Set([0]), 5]);
      await ended;
      expect([staged.get(), written.get()]).toEqual([0, 5]);
    },
  );

  it("a resource reads and writes the committed state, and belongs to the scope", async () => {
    const id = signal(1);
    const count = signal(0);
    const seen: number[][] = [];
    const scope = createScope();
    const signals: AbortSignal[] = [];
    await scope.run(() =>
      transaction(async () => {
        id.set(2);
        createResource(id.get, async (input, { signal: aborted }) => {
          signals.push(aborted);
          const before = id.peek();
          await null;
          seen.push([input, before, id.peek()]);
          count.set((n) => n + 1);
          await new Promise(() => {});
        });
        await null;
        await null;
        count.peek();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect([id.get(), count.get()]).toEqual([2, 2]);
    expect(signals.map((each) => each.aborted)).toEqual([true, false]);
    scope.dispose();
    expect(signals.map((each) => each.aborted)).toEqual([true, true]);
  });
});
