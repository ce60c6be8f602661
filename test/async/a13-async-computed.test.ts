import { asyncComputed, createAsyncGroup, setClock } from "@signal-kernel/async-runtime";
import { batch, computed, createEffect, signal, transaction } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { afterEach, describe, expect, test } from "vitest";
import { fakeClock } from "./clock.js";
import { deferred, fetcher, quiet, recorder } from "./support.js";

afterEach(() => setClock(null));

describe("A13: an async computed", () => {
  test("tracks what it reads before the first await", async () => {
    const a = signal(1);
    const [value, meta] = asyncComputed(async () => a.get() * 10);
    expect(meta.status()).toBe("pending");
    await quiet();
    expect([value(), meta.status()]).toEqual([10, "success"]);
    a.set(2);
    await quiet();
    expect([value(), meta.version()]).toEqual([20, 2]);
  });

  test("tracks what it reads through ctx.get and ctx.track after it", async () => {
    const a = signal(1);
    const b = signal(10);
    const c = signal(100);
    const sum = computed(() => c.get() + 1000);
    let runs = 0;
    const [value] = asyncComputed(async ({ get, track }) => {
      runs++;
      const first = a.get();
      await null;
      return first + get(b) + track(() => sum.get() + b.get());
    });
    await quiet();
    expect([value(), runs]).toEqual([1121, 1]);
    b.set(20);
    await quiet();
    expect([value(), runs]).toEqual([1141, 2]);
    c.set(200);
    await quiet();
    a.set(2);
    await quiet();
    expect([value(), runs]).toEqual([1242, 4]);
  });

  test("reads a source whose get is a method that needs its object", async () => {
    class Doubled {
      readonly source = signal(1);
      get(): number {
        return this.source.get() * 2;
      }
    }
    const doubled = new Doubled();
    const [value] = asyncComputed(async ({ get }) => get(doubled));
    await quiet();
    expect(value()).toBe(2);
    doubled.source.set(4);
    await quiet();
    expect(value()).toBe(8);
  });

  test("what is read plainly after an await is not tracked", async () => {
    const a = signal(1);
    let runs = 0;
    asyncComputed(async () => {
      runs++;
      await null;
      return a.get();
    });
    await quiet();
    a.set(2);
    await quiet();
    expect(runs).toBe(1);
  });

  test("a change aborts the run that it makes stale, and starts one", async () => {
    const a = signal(1);
    const b = signal(1);
    const { log, callbacks } = recorder();
    const { make, call } = fetcher();
    const [value] = asyncComputed(
      (context) => {
        a.get();
        context.get(b);
        return make(context);
      },
      { onEvent: callbacks.onEvent },
    );
    batch(() => {
      a.set(2);
      b.set(2);
    });
    expect(call(1).signal.reason).toBe("source-changed");
    call(1).resolve("late");
    call(2).resolve("value");
    await quiet();
    expect([value(), log]).toEqual([
      "value",
      ["start 1", "cancel 1 source-changed", "start 2", "success 2"],
    ]);
  });

  test("no update is lost: a change between a late read and the end causes one run", async () => {
    const a = signal(1);
    const b = signal(1);
    const gates = [deferred<void>(), deferred<void>(), deferred<void>()];
    let runs = 0;
    const [value] = asyncComputed(async ({ get }) => {
      const run = runs++;
      await null;
      const read = [get(a), get(b)];
      await gates[run]?.promise;
      return read.join();
    });
    await quiet();
    batch(() => {
      a.set(2);
      b.set(2);
    });
    /* The second run has not read it yet: it needs no other. */
    a.set(3);
    await quiet();
    expect(runs).toBe(2);
    a.set(4);
    gates[1]?.resolve();
    await quiet();
    gates[2]?.resolve();
    await quiet();
    expect([runs, value()]).toEqual([3, "4,2"]);
  });

  test("several tracked changes in one batch cause one run", async () => {
    const sources = [signal(1), signal(1), signal(1)];
    let runs = 0;
    asyncComputed(async ({ get }) => {
      runs++;
      for (const source of sources) {
        get(source);
        await null;
      }
    });
    await quiet();
    batch(() => {
      for (const source of sources) source.set(2);
    });
    await quiet();
    expect(runs).toBe(2);
  });

  test("a source that a run no longer reads wakes it no longer", async () => {
    const on = signal(true);
    const detail = signal(1);
    let runs = 0;
    const [value] = asyncComputed(async ({ get }) => {
      runs++;
      await null;
      return get(on) ? get(detail) : "off";
    });
    await quiet();
    on.set(false);
    await quiet();
    detail.set(2);
    await quiet();
    expect([runs, value()]).toEqual([2, "off"]);
  });

  test("observers see a change and the pending cell together, whatever was read late", async () => {
    const a = signal(1);
    const [value, meta] = asyncComputed(async ({ get }) => {
      await null;
      return get(a);
    });
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([a.get(), meta.status(), value()]);
    });
    await quiet();
    a.set(2);
    await quiet();
    a.set(3);
    await quiet();
    expect(seen).toEqual([
      [1, "pending", undefined],
      [1, "success", 1],
      [2, "pending", 1],
      [2, "success", 2],
      [3, "pending", 2],
      [3, "success", 3],
    ]);
  });

  test("in a run that is over ctx only reads", async () => {
    const a = signal(1);
    const b = signal(1);
    const contexts: { get<T>(s: { get(): T }): T; track<T>(fn: () => T): T }[] = [];
    const gates = [deferred<void>(), deferred<void>()];
    let runs = 0;
    asyncComputed(async (context) => {
      const run = runs++;
      contexts.push(context);
      a.get();
      await gates[run]?.promise;
    });
    a.set(2);
    await quiet();
    expect(contexts[0]?.get(b)).toBe(1);
    gates[1]?.resolve();
    await quiet();
    expect([contexts[1]?.get(b), contexts[1]?.track(() => b.get())]).toEqual([1, 1]);
    b.set(2);
    await quiet();
    expect(runs).toBe(2);
  });

  test("a run that a mutation has superseded is over", async () => {
    const a = signal(1);
    const gate = deferred<void>();
    let runs = 0;
    const [, meta] = asyncComputed(async ({ get }) => {
      runs++;
      await gate.promise;
      return get(a);
    });
    meta.mutate(5, { run: () => new Promise(() => {}) });
    gate.resolve();
    await quiet();
    a.set(2);
    await quiet();
    expect(runs).toBe(1);
  });

  test("a source that throws throws in the run, and is tracked all the same", async () => {
    const a = signal(0);
    const checked = computed(() => {
      if (a.get() === 0) throw new Error("zero");
      return a.get();
    });
    const [value, meta] = asyncComputed(async ({ get }) => {
      await null;
      return get(checked);
    });
    await quiet();
    expect(meta.error()).toEqual(new Error("zero"));
    a.set(1);
    await quiet();
    expect([value(), meta.status()]).toEqual([1, "success"]);
  });

  test("a function that throws at once is an error, and what it read wakes it", async () => {
    const a = signal(0);
    const [value, meta] = asyncComputed(() => {
      if (a.get() === 0) throw new Error("zero");
      return a.get();
    });
    await quiet();
    expect(meta.error()).toEqual(new Error("zero"));
    a.set(1);
    await quiet();
    expect(value()).toBe(1);
  });

  test("reload runs again; inside a batch or an effect at the end of that", async () => {
    const a = signal(1);
    const wake = signal(0);
    let runs = 0;
    const [value, meta] = asyncComputed(async () => {
      runs++;
      return a.get();
    });
    await quiet();
    expect([await meta.reload(), await meta.run(), runs]).toEqual([1, 1, 3]);
    const both = batch(() => [meta.reload(), meta.reload()]);
    expect([await Promise.all(both), runs]).toEqual([[undefined, 1], 4]);
    const stop = createEffect(() => {
      if (wake.get() === 1) meta.reload();
    });
    wake.set(1);
    await quiet();
    expect(runs).toBe(5);
    wake.set(2);
    stop();
    await quiet();
    a.set(2);
    await quiet();
    expect([runs, value()]).toEqual([6, 2]);
  });

  test("after cancel a change starts it again", async () => {
    const a = signal(1);
    const { make, inputs } = fetcher();
    const [, meta] = asyncComputed((context) => {
      a.get();
      return make(context);
    });
    meta.cancel();
    expect(meta.status()).toBe("cancelled");
    a.set(2);
    await quiet();
    expect([meta.status(), inputs.length]).toEqual(["pending", 2]);
  });

  test("each attempt of a run is tracked anew", async () => {
    const clock = fakeClock();
    const a = signal(1);
    const b = signal(1);
    let runs = 0;
    const [value, meta] = asyncComputed(
      async ({ get }) => {
        if (++runs === 1) {
          a.get();
          throw new Error("once");
        }
        await null;
        return get(b);
      },
      { retry: { count: 1, delayMs: 10 } },
    );
    await clock.pass(10);
    expect([value(), meta.version(), runs]).toEqual([1, 1, 2]);
    a.set(2);
    await quiet();
    expect(runs).toBe(2);
    b.set(2);
    await quiet();
    expect([value(), runs]).toEqual([2, 3]);
  });

  test("dispose ends it, and frees what it held in the kernel", async () => {
    const a = signal(1);
    const before = engine().counters;
    let runs = 0;
    const [, meta] = asyncComputed(async ({ get }) => {
      runs++;
      a.get();
      await null;
      get(a);
    });
    await quiet();
    meta.dispose();
    a.set(2);
    await quiet();
    expect([runs, await meta.reload()]).toEqual([1, undefined]);
    const { tasks, nodes, edges } = engine().counters;
    expect([tasks, nodes, edges]).toEqual([before.tasks, before.nodes, before.edges]);
  });

  test("ends with the run of the effect in which it was created", async () => {
    const outer = signal(1);
    const a = signal(1);
    let runs = 0;
    const stop = createEffect(() => {
      outer.get();
      asyncComputed(async ({ get }) => {
        runs++;
        await null;
        get(a);
      });
    });
    await quiet();
    outer.set(2);
    await quiet();
    expect(runs).toBe(2);
    stop();
    a.set(2);
    await quiet();
    expect(runs).toBe(2);
  });

  test("its function may write, and the effect in which it is created is not its reader", async () => {
    const a = signal(1);
    const busy = signal(false);
    let created = 0;
    createEffect(() => {
      created++;
      asyncComputed(async () => {
        busy.set(true);
        return a.get();
      });
    });
    a.set(2);
    await quiet();
    expect([created, busy.get()]).toEqual([1, true]);
  });

  test("takes the policies of cells, and is a member of groups", async () => {
    const group = createAsyncGroup();
    const a = signal(1);
    const { make, call } = fetcher();
    const [one] = asyncComputed(async () => a.get(), { group, initialValue: 0, name: "one" });
    const [two] = asyncComputed((context) => make(context), { group });
    await quiet();
    expect(one()).toBe(0);
    call(1).resolve("two");
    await quiet();
    expect([one(), two()]).toEqual([1, "two"]);
  });

  test("bad arguments are refused", async () => {
    const invalid = expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" });
    expect(() => asyncComputed(1 as never)).toThrow(invalid);
    expect(() => asyncComputed(async () => 1, null as never)).toThrow(invalid);
    const [, meta] = asyncComputed(async ({ get }) => get({} as never));
    await quiet();
    expect(meta.error()).toEqual(invalid);
  });

  test("a reload that is asked for, and does not come, is answered when the cell is disposed", async () => {
    for (const run of [batch, transaction] as ((fn: () => void) => void)[]) {
      const [, meta] = asyncComputed(async () => 1);
      let answer: Promise<unknown> | undefined;
      run(() => {
        answer = meta.reload();
        meta.dispose();
      });
      expect(await answer).toBe(undefined);
    }
  });
});
