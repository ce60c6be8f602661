/** P1: background work in slices, between which the event loop has its turn. */
import {
  batch,
  configureScheduler,
  createEffect,
  flushSync,
  onCleanup,
  type Signal,
  signal,
} from "@signal-kernel/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkEngine, engine } from "#engine";
import { collectUncaught } from "../helpers/uncaught.js";

/** A clock that stands still unless an effect says that it took time; the budget is 10 ms. */
describe("P1 slices", () => {
  let now = 0;
  const spend = (ms: number) => {
    now += ms;
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  /** Goes on until nothing is due. */
  const settle = async () => {
    do await turn();
    while (engine().counters.queued > 0);
  };

  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    configureScheduler({ budgetMs: 10 });
  });
  afterEach(async () => {
    configureScheduler({ budgetMs: null });
    flushSync();
    vi.restoreAllMocks();
    await turn();
    expect(checkEngine()).toBeUndefined();
  });

  /** Background effects that take 4 ms each: three fit into a slice. */
  const workers = (a: Signal<number>, log: unknown[], count: number, options = {}) => {
    const disposers = Array.from({ length: count }, (_, i) =>
      createEffect(
        () => {
          log.push(`${i}:${a.get()}`);
          spend(4);
        },
        { priority: "background", ...options },
      ),
    );
    log.length = 0;
    return disposers;
  };

  it("end when the budget is used up, and go on in the next turn of the event loop", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 8);
    a.set(1);
    expect(log).toEqual([]);
    await null;
    expect(log).toEqual(["0:1", "1:1", "2:1"]);
    await null;
    expect(log).toHaveLength(3);
    await turn();
    expect(log).toEqual(["0:1", "1:1", "2:1", "3:1", "4:1", "5:1"]);
    await turn();
    expect(log).toHaveLength(8);
    expect(engine().counters.queued).toBe(0);
  });

  it("do not hold up what is urgent, whatever it costs", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 2);
    for (const priority of [99, "normal", "immediate"] as const)
      createEffect(() => void (a.get(), spend(50), log.push(priority)), { priority });
    log.length = 0;
    now = 1000;
    a.set(1);
    await null;
    /* The budget counts from the start of the flush: nothing of it was left. */
    expect(log).toEqual(["immediate", "normal", 99]);
    await turn();
    expect(log.slice(3)).toEqual(["0:1", "1:1"]);
  });

  it("run one background effect at least, whatever one costs", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    createEffect(() => void (b.get(), spend(500), log.push("urgent")));
    for (const name of ["one", "two", "three"])
      createEffect(
        () => {
          log.push(name);
          b.set(a.get());
          spend(50);
        },
        { priority: "background" },
      );
    flushSync();
    log.length = 0;
    a.set(1);
    await null;
    expect(log).toEqual(["one", "urgent"]);
    await turn();
    expect(log).toEqual(["one", "urgent", "two"]);
    await turn();
    expect(log).toEqual(["one", "urgent", "two", "three"]);
  });

  it("are preceded by an immediate effect that became due in between", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    workers(a, log, 6);
    createEffect(() => void log.push(`immediate ${b.get()}`), { priority: "immediate" });
    log.length = 0;
    a.set(1);
    await null;
    expect(log).toEqual(["0:1", "1:1", "2:1"]);
    b.set(1);
    await turn();
    expect(log.slice(3)).toEqual(["immediate 1", "3:1", "4:1", "5:1"]);
  });

  it("let a microtask or a batch in between run what is urgent, and no background work", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    workers(a, log, 6);
    createEffect(() => void log.push(`urgent ${b.get()}`));
    log.length = 0;
    a.set(1);
    await null;
    log.length = 0;
    b.set(1);
    await null;
    expect(log).toEqual(["urgent 1"]);
    await turn();
    expect(log).toEqual(["urgent 1", "3:1", "4:1", "5:1"]);
  });

  it("run an urgent effect that a background effect wakes before the next background effect", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    workers(a, log, 2);
    createEffect(() => void (a.get(), b.set(a.get())), { priority: 99 });
    createEffect(() => void (b.get(), spend(20), log.push("woken")), { priority: "immediate" });
    workers(b, log, 1);
    a.set(1);
    await settle();
    expect(log).toEqual(["woken", "0:1", "1:1", "0:1"]);
  });

  it("take into account what was written in between", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 5);
    a.set(1);
    await null;
    expect(log).toEqual(["0:1", "1:1", "2:1"]);
    a.set(2);
    await settle();
    /* Those that had not run see the newest value only; those that had run again, in their place. */
    expect(log.slice(3)).toEqual(["0:2", "1:2", "2:2", "3:2", "4:2"]);
  });

  it("do not run what was disposed in between, nor what turns out to be unchanged", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    const disposers = workers(a, log, 6);
    a.set(1);
    await null;
    disposers[3]?.();
    disposers[5]?.();
    await settle();
    expect(log).toEqual(["0:1", "1:1", "2:1", "4:1"]);
  });

  it("end with what disposes everything that waits", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    const disposers = workers(a, log, 6);
    a.set(1);
    await null;
    for (const dispose of disposers) dispose();
    await turn();
    expect(log).toHaveLength(3);
    expect(engine().counters.queued).toBe(0);
  });

  it("keep children in their place: a parent that runs again ends them first", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    createEffect(
      () => {
        const value = a.get();
        onCleanup(() => void log.push(`clean ${value}`));
        createEffect(() => void (a.get(), log.push(`child of ${value}`)), {
          priority: "background",
        });
      },
      { priority: "background" },
    );
    workers(a, log, 3);
    a.set(1);
    await settle();
    expect(log).toEqual(["clean 0", "child of 1", "0:1", "1:1", "2:1"]);
  });

  it("are all done by flushSync, which is not sliced", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 10);
    a.set(1);
    flushSync();
    expect(log).toHaveLength(10);
    a.set(2);
    await null;
    expect(log).toHaveLength(13);
    flushSync();
    expect(log).toHaveLength(20);
    await turn();
    expect(log).toHaveLength(20);
    /* Nothing waits: the next flush has background work of its own. */
    a.set(3);
    await null;
    expect(log).toHaveLength(23);
    await settle();
  });

  it("are taken up by flushSync({ upTo }) as far as it reaches", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 5);
    workers(a, log, 5, { priority: 200 });
    a.set(1);
    await null;
    log.length = 0;
    flushSync({ upTo: "normal" });
    expect(log).toEqual([]);
    flushSync({ upTo: "background" });
    expect(log).toEqual(["3:1", "4:1"]);
    await settle();
    expect(log).toHaveLength(7);
  });

  it("begin with what a batch leaves over", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 4);
    batch(() => a.set(1));
    expect(log).toEqual(["0:1", "1:1", "2:1"]);
    batch(() => a.set(2));
    expect(log).toHaveLength(3);
    await settle();
    expect(log.slice(3)).toEqual(["0:2", "1:2", "2:2", "3:2"]);
  });

  it("are off when the budget is taken away, and what waits then runs in one go", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 10);
    a.set(1);
    await null;
    expect(log).toHaveLength(3);
    configureScheduler({ budgetMs: null });
    await turn();
    expect(log).toHaveLength(10);
    configureScheduler({ budgetMs: Number.POSITIVE_INFINITY });
    a.set(2);
    await null;
    expect(log).toHaveLength(20);
  });

  it("report an error as uncaught, and go on", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 3);
    createEffect(
      () => {
        if (a.get() === 1) throw new Error("in the second slice");
      },
      { priority: "background" },
    );
    workers(a, log, 4);
    const errors = await collectUncaught(async () => {
      a.set(1);
      await settle();
    });
    expect(errors.map((error) => (error as Error).message)).toEqual(["in the second slice"]);
    expect(log).toHaveLength(7);
  });

  it("stop an effect that keeps waking itself, however many slices that takes", async () => {
    const a = signal(0);
    let runs = 0;
    const log: unknown[] = [];
    createEffect(
      () => {
        runs++;
        spend(4);
        if (a.get() > 0) a.set(a.get() + 1);
      },
      { priority: "background", name: "restless" },
    );
    workers(a, log, 1, { priority: 101 });
    runs = 0;
    const errors = await collectUncaught(async () => {
      a.set(1);
      await settle();
    });
    expect(runs).toBe(100);
    expect(errors.map((error) => (error as { code: string }).code)).toEqual(["ERR_SK_EFFECT_LOOP"]);
    expect(log.at(-1)).toBe("0:101");
  });

  it("do not count as a loop what the world outside wakes again and again", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    let urgent = 0;
    workers(b, log, 400);
    createEffect(() => void (a.get(), urgent++));
    urgent = 0;
    const errors = await collectUncaught(async () => {
      b.set(1);
      await null;
      for (let i = 1; i <= 120; i++) {
        a.set(i);
        await turn();
      }
      await settle();
    });
    expect(errors).toEqual([]);
    expect(urgent).toBe(120);
    expect(log).toHaveLength(400);
  });

  it("starve nobody: in every eighth slice the one that has waited longest goes first", async () => {
    const a = signal(0);
    const b = signal(0);
    const log: unknown[] = [];
    workers(a, log, 3);
    let slices = 0;
    let ranIn = 0;
    createEffect(
      () => {
        if (b.get() > 0) ranIn = slices;
      },
      { priority: 1_000_000 },
    );
    a.set(1);
    await null;
    b.set(1);
    /* Each turn wakes all workers, and three of them are all that a slice has time for. */
    while (slices < 100 && ranIn === 0) {
      a.set(++slices + 1);
      await turn();
    }
    /* It had become due when three others were waiting at most: 8 * (3 + 1). */
    expect(ranIn).toBeGreaterThan(1);
    expect(ranIn).toBeLessThanOrEqual(32);
    await settle();
  });

  it("would starve it otherwise: the order alone never comes to it", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    workers(a, log, 3);
    let ran = 0;
    createEffect(() => void (a.get(), ran++), { priority: 1_000_000 });
    ran = 0;
    a.set(1);
    await null;
    for (let i = 0; i < 6; i++) {
      a.set(i + 2);
      await turn();
    }
    expect(ran).toBe(0);
    await settle();
    expect(ran).toBe(1);
  });
});
