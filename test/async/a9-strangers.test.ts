/**
 * A9, T4, S11: what a cell calls by itself - the next poll, another attempt, a callback, a run that has waited - is
 * code of the cell's scope, or of nobody, whoever has started the cell.
 */
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, createScope, signal, transaction } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";

const turn = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `fn` in an asynchronous transaction, and after a moment rolls that back. */
const rolledBack = (fn: () => void) =>
  expect(
    transaction(async () => {
      fn();
      await turn(1);
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");

describe("A cell that was started by a stranger", () => {
  test("polls outside of a transaction that has reloaded it", async () => {
    const token = signal("good");
    const seen: string[] = [];
    const poll = async () => void seen.push(token.get());
    const [, meta] = createResource(() => 1, poll, { pollMs: 4 });
    await turn(1);
    await rolledBack(() => {
      token.set("staged");
      void meta.reload();
    });
    token.set("newest");
    const length = seen.length;
    while (seen.length < length + 3) await turn(2);
    meta.dispose();
    expect(new Set(seen.slice(length))).toEqual(new Set(["newest"]));
  });

  test("tries again outside of a transaction that has started it", async () => {
    const token = signal("good");
    const seen: string[] = [];
    const cell = fromPromise({
      run: async () => {
        seen.push(token.get());
        if (seen.length < 3) throw new Error("again");
        return 1;
      },
      retry: { count: 3, delayMs: 4 },
    });
    let run: Promise<unknown> | undefined;
    await rolledBack(() => {
      token.set("staged");
      run = cell.run(1);
    });
    expect(await run).toBe(1);
    expect(seen).toEqual(["staged", "good", "good"]);
  });

  test("waits in a queue, and then runs, outside of the one before", async () => {
    const token = signal("good");
    const seen: string[] = [];
    const cell = fromPromise({
      run: async () => {
        seen.push(token.get());
        await turn(4);
      },
      concurrency: "queue",
    });
    let last: Promise<unknown> | undefined;
    await rolledBack(() => {
      token.set("staged");
      void cell.run(1);
      last = cell.run(2);
    });
    await last;
    expect(seen).toEqual(["staged", "good"]);
  });

  test("calls back outside of a transaction that was rolled back meanwhile", async () => {
    const last = signal("none");
    const cell = fromPromise({
      run: async (input: string) => turn(4).then(() => input),
      onSuccess: (value) => last.set(value),
    });
    let run: Promise<unknown> | undefined;
    await rolledBack(() => {
      run = cell.run("saved");
    });
    expect([await run, last.get()]).toEqual(["saved", "saved"]);
  });

  test("creates what lives, though the scope that started it has ended", async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const [, meta] = createResource({
      trigger: "manual",
      pollMs: 3,
      run: async () => {
        runs++;
        try {
          createEffect(() => {})();
        } catch (error) {
          errors.push(error);
        }
      },
    });
    const scope = createScope();
    scope.run(() => void meta.run(1));
    await turn(1);
    scope.dispose();
    while (runs < 3) await turn(2);
    meta.dispose();
    expect(errors).toEqual([]);
  });

  test.each(["parallel", "latest"] as const)("polls on when all has settled (%s)", async (kind) => {
    const gates: (() => void)[] = [];
    const [, meta] = createResource({
      trigger: "manual",
      concurrency: kind,
      pollMs: 4,
      run: () => new Promise<void>((resolve) => gates.push(resolve)),
    });
    void meta.run(1);
    void meta.run(2);
    gates[1]?.();
    await turn(12);
    gates[0]?.();
    while (gates.length < 3) await turn(2);
    meta.dispose();
  });
});
