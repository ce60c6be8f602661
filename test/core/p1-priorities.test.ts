import {
  configureScheduler,
  createEffect,
  flushSync,
  type Priority,
  type Signal,
  signal,
} from "@signal-kernel/core";
import { afterEach, describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import { forEachEngine } from "../helpers/engines.js";
import { thrownBy } from "../helpers/uncaught.js";

forEachEngine("P1 priorities", ({ signal, createEffect, batch }) => {
  it("run in the order immediate, user-blocking, normal, background, with integers between", () => {
    const a = signal(0);
    const log: unknown[] = [];
    const all = ["background", 99, 101, "normal", -1, "user-blocking", "immediate", -201] as const;
    for (const priority of all)
      createEffect(() => void (a.get(), log.push(priority)), { priority });
    log.length = 0;
    batch(() => a.set(1));
    expect(log).toEqual([-201, "immediate", "user-blocking", -1, "normal", 99, "background", 101]);
  });
});

describe("P1 flushSync({ upTo })", () => {
  /** Effects that write down their priority and what they see. */
  const make = (a: Signal<number>, log: unknown[], ...priorities: Priority[]) => {
    for (const priority of priorities)
      createEffect(() => void log.push(`${priority}:${a.get()}`), { priority });
    log.length = 0;
  };

  it("runs what is due up to a priority, that one included, and leaves the rest to the microtask", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    make(a, log, "background", "normal", 1, "immediate", "user-blocking");
    a.set(1);
    flushSync({ upTo: "user-blocking" });
    expect(log).toEqual(["immediate:1", "user-blocking:1"]);
    flushSync({ upTo: -50 });
    expect(log).toHaveLength(2);
    flushSync({ upTo: 0 });
    expect(log.slice(2)).toEqual(["normal:1"]);
    await null;
    expect(log.slice(3)).toEqual(["1:1", "background:1"]);
    expect(checkEngine()).toBeUndefined();
  });

  it("runs everything without upTo", () => {
    const a = signal(0);
    const log: unknown[] = [];
    make(a, log, "background", 2 ** 31 - 1);
    a.set(1);
    flushSync({});
    expect(log).toEqual(["background:1", `${2 ** 31 - 1}:1`]);
    a.set(2);
    flushSync({ upTo: undefined });
    expect(log).toHaveLength(4);
  });

  it("schedules a flush for the rest when none was scheduled", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    createEffect(() => void (a.get() > 0 && log.push("late")), { priority: "background" });
    a.set(1);
    await null;
    createEffect(() => {
      if (a.get() === 2) log.push("urgent");
    });
    log.length = 0;
    a.set(2);
    flushSync({ upTo: "normal" });
    expect(log).toEqual(["urgent"]);
    flushSync({ upTo: "immediate" });
    await null;
    expect(log).toEqual(["urgent", "late"]);
  });

  it("lets the rest see the newest values, once", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    make(a, log, "immediate", "normal");
    a.set(1);
    flushSync({ upTo: "immediate" });
    a.set(2);
    await null;
    expect(log).toEqual(["immediate:1", "immediate:2", "normal:2"]);
  });

  it("takes what an effect wakes into account when it is in reach", () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    createEffect(() => b.set(a.get()), { priority: "user-blocking" });
    make(b, log, "background", "immediate");
    a.set(1);
    flushSync({ upTo: "user-blocking" });
    expect(log).toEqual(["immediate:1"]);
    flushSync();
    expect(log).toEqual(["immediate:1", "background:1"]);
  });

  it("throws what effects in reach throw, and leaves the rest due", () => {
    const a = signal(0);
    const failure = new Error("urgent");
    const log: unknown[] = [];
    createEffect(
      () => {
        if (a.get() === 1) throw failure;
      },
      { priority: "immediate" },
    );
    make(a, log, "background");
    a.set(1);
    expect(thrownBy(() => flushSync({ upTo: "immediate" }))).toBe(failure);
    flushSync();
    expect(log).toEqual(["background:1"]);
  });

  it("does nothing inside an effect", () => {
    const a = signal(0);
    const log: unknown[] = [];
    make(a, log, "background");
    createEffect(
      () => {
        a.get();
        flushSync({ upTo: "background" });
        log.push("end of the effect");
      },
      { priority: "immediate" },
    );
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["end of the effect", "background:1"]);
  });

  it("refuses what is no priority", () => {
    for (const upTo of ["urgent", 1.5, Number.NaN, null, {}, 2 ** 31] as never[]) {
      expect(() => flushSync({ upTo })).toThrow(TypeError);
      expect(() => flushSync({ upTo })).toThrow(/options\.upTo/);
    }
    for (const options of [null, 1, "normal"] as never[])
      expect(() => flushSync(options)).toThrow(/"?options"?/);
  });
});

describe("P1 configureScheduler", () => {
  afterEach(() => configureScheduler({ budgetMs: null }));

  it("takes numbers above 0, Infinity, null and undefined, and returns nothing", () => {
    for (const budgetMs of [0.1, 5, 1e9, Number.POSITIVE_INFINITY, null, undefined])
      expect(configureScheduler({ budgetMs })).toBeUndefined();
    expect(configureScheduler({})).toBeUndefined();
  });

  it("refuses everything else", () => {
    for (const budgetMs of [0, -1, Number.NaN, "5", 5n, true, {}] as never[]) {
      const error = thrownBy(() => configureScheduler({ budgetMs })) as { code?: string };
      expect(error).toBeInstanceOf(TypeError);
      expect(error.code).toBe("ERR_SK_INVALID_ARG");
    }
    for (const options of [undefined, null, 5, "5"] as never[])
      expect(() => configureScheduler(options)).toThrow(TypeError);
  });
});
