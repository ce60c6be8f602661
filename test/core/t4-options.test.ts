import {
  computed,
  configureTransactions,
  createEffect,
  flushSync,
  signal,
  type TransactionHandle,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { uncaughtDuring } from "../async/support.js";
import { thrownBy } from "../helpers/uncaught.js";

const refused = (name: string) =>
  expect.objectContaining({
    name: "TypeError",
    code: "ERR_SK_INVALID_ARG",
    message: expect.stringContaining(`"${name}"`),
  });

describe("Options of transactions", () => {
  const bad: readonly [name: string, options: unknown][] = [
    ["options", null],
    ["options", 1],
    ["options.name", { name: 1 }],
    ["options.onConflict", { onConflict: "never" }],
    ["options.onConflict", { onConflict: null }],
    ["options.isolation", { isolation: "dirty" }],
    ["options.retries", { retries: -1 }],
    ["options.retries", { retries: 1.5 }],
    ["options.retries", { retries: Number.NaN }],
    ["options.retries", { retries: "3" }],
    ["options.backoffMs", { backoffMs: -1 }],
    ["options.backoffMs", { backoffMs: Number.NaN }],
    ["options.backoffMs", { backoffMs: "1" }],
    ["options.merge", { merge: 1 }],
    ["options.merge", { merge: "text" }],
    ["options.merge", { merge: {} }],
    ["options.merge[][0]", { merge: [null] }],
    ["options.merge[][0]", { merge: [[computed(() => 1), () => 1]] }],
    ["options.merge[][0]", { merge: [[{ get() {}, set() {}, peek() {} }, () => 1]] }],
    ["options.merge[][1]", { merge: [[signal(1), 1]] }],
    ["options.signal", { signal: {} }],
    ["options.signal", { signal: new AbortController() }],
    ["options.priority", { priority: "late" }],
    ["options.priority", { priority: 0.5 }],
  ];
  for (const [name, options] of bad)
    it(`a bad ${name} is refused at the call: ${JSON.stringify(options)}`, () => {
      let runs = 0;
      const call = () => transaction(async () => void runs++, options as never);
      expect(thrownBy(call)).toEqual(refused(name));
      expect(runs).toBe(0);
    });

  it("so are functions and configurations that are none", () => {
    for (const fn of [undefined, null, 1, {}])
      expect(thrownBy(() => transaction(fn as never))).toEqual(refused("fn"));
    for (const configuration of [undefined, null, 1])
      expect(thrownBy(() => configureTransactions(configuration as never))).toEqual(
        refused("configuration"),
      );
    expect(thrownBy(() => configureTransactions({ asyncContext: 1 } as never))).toEqual(
      refused("configuration.asyncContext"),
    );
    expect(thrownBy(() => signal(1, { merge: 1 } as never))).toEqual(refused("options.merge"));
  });

  it("and bad arguments of the handle", async () => {
    await transaction(async (tx) => {
      expect(thrownBy(() => tx.run(1 as never))).toEqual(refused("fn"));
      for (const target of [null, 1, {}, computed(() => 1)])
        expect(thrownBy(() => tx.optimistic(target as never, 1))).toEqual(refused("target"));
      for (const source of [null, undefined, {}])
        expect(() => tx.get(source as never)).toThrow(TypeError);
    });
  });

  it("an option may be a getter of the class of the object", () => {
    class Options {
      get onConflict() {
        return "never" as never;
      }
    }
    expect(() => transaction(async () => 1, new Options())).toThrow(TypeError);
    expect(() => transaction(async () => 1, Object.create({ retries: -1 }))).toThrow(TypeError);
  });

  it("the methods of the handle work detached, and take functions of the previous value", async () => {
    const f = () => 1;
    const g = () => 2;
    const target = signal({ f }.f);
    const count = signal(1);
    await transaction(async ({ get, set, run, optimistic }) => {
      set(target, () => g);
      expect([get(target), run(() => target.get())]).toEqual([g, g]);
      optimistic(target, () => f);
      expect(get(target)).toBe(f);
      set(target, () => g);
      set(count, (before: number) => before + 1);
      set(count, (before) => before * 10);
      expect([get(count), count.peek()]).toEqual([20, 20]);
    });
    expect(target.get()).toBe(g);
    expect(count.get()).toBe(20);
    transaction(({ set }) => set(count, (before) => before + 1));
    expect(count.get()).toBe(21);
  });

  it("a function given to optimistic is of what is shown", async () => {
    const likes = signal(1);
    const like = () =>
      transaction(async (tx) => {
        tx.optimistic(likes, (shown) => shown + 1);
        await null;
        tx.set(likes, 10);
        throw new Error("no");
      });
    const both = Promise.allSettled([like(), like()]);
    expect(likes.get()).toBe(3);
    await both;
    expect(likes.get()).toBe(1);
    const refused = transaction(async (tx) => {
      tx.optimistic(likes, (shown) => shown + 1);
      await null;
      throw new Error("no");
    });
    const added = transaction(async (tx) => tx.optimistic(likes, (shown) => shown + 1));
    expect(likes.get()).toBe(3);
    await Promise.allSettled([refused, added]);
    expect(likes.get()).toBe(2);
    likes.set(1);
    expect(() =>
      transaction((tx) =>
        tx.optimistic(likes, () => {
          throw new Error("of the function");
        }),
      ),
    ).toThrow("of the function");
    expect(likes.get()).toBe(1);
  });

  it("the context can be switched off without those that are open noticing", async () => {
    const a = signal(1);
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const done = transaction(async () => {
      a.set(2);
      await null;
      a.set((value) => value + 1);
      await gate;
    });
    configureTransactions({ asyncContext: false });
    try {
      await null;
      await null;
      expect(a.get()).toBe(1);
      open();
      await done;
      expect(a.get()).toBe(3);
    } finally {
      configureTransactions({ asyncContext: true });
    }
  });

  it("what is no signal is refused by name", async () => {
    const two = computed(() => 2);
    const calls: [name: string, (tx: TransactionHandle) => unknown][] = [
      ["source", (tx) => tx.get(42 as never)],
      ["source", (tx) => tx.get(null as never)],
      ["target", (tx) => tx.set(42 as never, 1 as never)],
      ["target", (tx) => tx.set(two as never, 1 as never)],
      ["target", (tx) => tx.optimistic(two as never, 1 as never)],
      ["fn", (tx) => tx.run(1 as never)],
    ];
    for (const [name, call] of calls) {
      expect(() => transaction(call)).toThrow(refused(name));
      await expect(transaction(async (tx) => call(tx))).rejects.toEqual(refused(name));
    }
  });

  it("a handle that is kept beyond the commit shows nothing any more", async () => {
    const a = signal(0);
    let kept: TransactionHandle | undefined;
    await transaction(
      async (tx) => {
        kept = tx;
      },
      { name: "pay" },
    );
    const tx = kept as TransactionHandle;
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    expect(() => tx.optimistic(a, 1)).toThrow("Transaction pay has committed");
    flushSync();
    expect([a.get(), tx.get(a), seen]).toEqual([0, 0, [0]]);
    tx.set(a, 2);
    flushSync();
    expect(seen).toEqual([0, 2]);
  });
});

describe("The priority of a transaction", () => {
  it("background: it commits after the effects that are due, and before none of its own", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: string[] = [];
    createEffect(() => void log.push(`normal ${a.get()} ${b.get()}`));
    createEffect(() => void log.push(`late ${a.get()} ${b.get()}`), { priority: 200 });
    log.length = 0;
    const done = transaction(async () => b.set(1), { priority: "background" });
    await null;
    a.set(1);
    await done;
    flushSync();
    expect(log).toEqual(["normal 1 0", "normal 1 1", "late 1 1"]);
  });

  it("background: a computed that throws aborts it as well, and others are not stopped", async () => {
    const a = signal(0);
    const b = signal(0);
    const seen: number[] = [];
    const picky = computed(() => {
      if (a.get() === 13) throw new Error("picky");
      return a.get();
    });
    createEffect(() => void picky.get());
    createEffect(() => void seen.push(b.get()));
    const uncaught = await uncaughtDuring(async () => {
      const done = transaction(async () => (a.set(13), b.set(5)), { priority: "background" });
      const other = transaction(async () => b.set(1), { priority: "background" });
      await expect(done).rejects.toThrow("picky");
      await other;
    });
    expect([a.get(), b.get(), seen, uncaught]).toEqual([0, 1, [0, 1], []]);
  });

  it("background: aborted while it waits, it does not commit", async () => {
    const a = signal(0);
    const controller = new AbortController();
    createEffect(() => {
      if (a.get() === 1) controller.abort(new Error("late"));
    });
    const done = transaction(async () => a.set(2), {
      priority: "background",
      onConflict: "overwrite",
      signal: controller.signal,
    });
    a.set(1);
    await expect(done).rejects.toThrow("late");
    flushSync();
    expect(a.get()).toBe(1);
  });
});
