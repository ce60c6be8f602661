/** A11: commits of cells are in the queue of effects, with a priority of their own. */
import { createAsyncGroup, createResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, createScope, flushSync, settled, signal } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { engine } from "#engine";
import { collectUncaught } from "../helpers/uncaught.js";
import { deferred, quiet } from "./support.js";

describe("A11 the priority of a cell", () => {
  it("a later one commits after the effects that are due, whatever was there first", async () => {
    const log: string[] = [];
    const work = deferred<number>();
    const tick = signal(0);
    const low = fromPromise(() => work.promise, { priority: "background" });
    createEffect(() => void log.push(`value ${low.value()}`));
    createEffect(() => {
      log.push(`tick ${tick.get()}`);
    });
    work.resolve(1);
    await Promise.resolve();
    expect(low.status()).toBe("pending");
    tick.set(1);
    await quiet();
    expect(log).toEqual(["value undefined", "tick 0", "tick 1", "value 1"]);
    expect(low.status()).toBe("success");
  });

  it("an outcome that waits for its turn can still be superseded, and then never shows", async () => {
    const works = [deferred<number>(), deferred<number>()];
    const seen: unknown[] = [];
    const events: string[] = [];
    const cell = fromPromise(() => (works.shift() as (typeof works)[number]).promise, {
      priority: 50,
      onEvent: ({ type, token }) => void events.push(`${type} ${token}`),
    });
    const [first, second] = works as [(typeof works)[number], (typeof works)[number]];
    createEffect(() => void seen.push(cell.value()));
    expect(first).toBeDefined();
    expect(second).toBeUndefined();
    first.resolve(2);
    void cell.reload();
    await quiet();
    expect(seen).toEqual([undefined, 2]);
    expect(events).toEqual(["start 1", "cancel 1", "start 2", "success 2"]);
  });

  it("an outcome that waits can still be cancelled", async () => {
    const work = deferred<number>();
    const cell = fromPromise(() => work.promise, { priority: "background" });
    work.resolve(1);
    await Promise.resolve();
    cell.cancel();
    await quiet();
    expect([cell.status(), cell.value()]).toEqual(["cancelled", undefined]);
  });

  it("refuses what is no priority", () => {
    const make = () => fromPromise(() => 1, { priority: "urgent" as never });
    expect(make).toThrow(expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }));
  });
});

describe("settled", () => {
  it("resolves at once when nothing is pending", async () => {
    await settled(createScope());
  });

  it("waits for the cells of the scope, and for those that start on account of them", async () => {
    const first = deferred<number>();
    const second = deferred<string>();
    const order: string[] = [];
    const scope = createScope(() => {
      const [id] = createResource(
        () => 1,
        () => first.promise,
      );
      createResource(id, (value) => (value === undefined ? "none" : second.promise));
    });
    const done = settled(scope).then(() => order.push("settled"));
    first.resolve(7);
    await quiet();
    order.push("first");
    second.resolve("x");
    await done;
    expect(order).toEqual(["first", "settled"]);
  });

  it("counts a write that has not been flushed yet: what it starts is waited for", async () => {
    const id = signal(1);
    const works: ReturnType<typeof deferred<number>>[] = [];
    const scope = createScope(() => {
      createResource(id.get, () => {
        const work = deferred<number>();
        works.push(work);
        return work.promise;
      });
    });
    works[0]?.resolve(1);
    await quiet();
    id.set(2);
    let isSettled = false;
    const done = settled(scope).then(() => {
      isSettled = true;
    });
    await quiet();
    expect([works.length, isSettled]).toEqual([2, false]);
    works[1]?.resolve(2);
    await done;
  });

  it("is that of the current scope, and does not wait for the cells of others", async () => {
    const never = deferred<number>();
    const outside = fromPromise(() => never.promise);
    await createScope().run(() => settled());
    outside.dispose();
    await settled();
  });

  it("does not wait for what was cancelled, failed or disposed", async () => {
    const never = deferred<number>();
    const scope = createScope(() => {
      fromPromise(() => never.promise).cancel();
      fromPromise(() => never.promise).dispose();
      fromPromise(() => Promise.reject(new Error("no")));
    });
    await settled(scope);
  });

  it("refuses what is no scope", () => {
    expect(() => settled({} as never)).toThrow(
      expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
    );
  });
});

describe("cells of a scope", () => {
  it("end with it: their runs are aborted and their slots are free", async () => {
    const before = engine().counters.tasks;
    const signals: AbortSignal[] = [];
    const scope = createScope(() => {
      createResource(
        () => 1,
        (_, { signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
      );
      createAsyncGroup();
    });
    expect(engine().counters.tasks).toBe(before + 1);
    scope.dispose();
    expect(signals[0]?.aborted).toBe(true);
    expect(engine().counters.tasks).toBe(before);
  });

  it("what their callbacks throw goes to the scope's onError", async () => {
    const caught: unknown[] = [];
    const uncaught = await collectUncaught(async () => {
      createScope(
        () => {
          fromPromise(() => 1, {
            onSuccess: () => {
              throw "in a callback";
            },
          });
          const cell = fromPromise(() => 2);
          createEffect(() => {
            if (cell.value() === 2) throw "in an effect";
          });
        },
        { onError: (error) => caught.push(error) },
      );
      await quiet();
    });
    expect(uncaught).toEqual([]);
    expect(caught).toEqual(["in a callback", "in an effect"]);
  });

  it("flushSync throws to its caller what effects throw, also inside a scope with onError", () => {
    const source = signal(0);
    const scope = createScope(
      () => {
        createEffect(() => {
          if (source.get() === 1) throw new Error("boom");
        });
      },
      { onError: () => expect.unreachable() },
    );
    source.set(1);
    expect(flushSync).toThrow("boom");
    scope.dispose();
  });
});
