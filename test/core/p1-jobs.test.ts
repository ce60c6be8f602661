import {
  batch,
  computed,
  configureScheduler,
  createEffect,
  flushSync,
  onCleanup,
  signal,
  transaction,
} from "@signal-kernel/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkEngine, engine, enqueueJob } from "#engine";
/* Only in the source: which turn of the event loop a host offers. */
import { type Host, turnOf } from "../../lib/engine/slice.js";
import { collectUncaught, thrownBy } from "../helpers/uncaught.js";

describe("P1 jobs", () => {
  afterEach(() => {
    flushSync();
    expect(checkEngine()).toBeUndefined();
    expect(engine().counters.queued).toBe(0);
  });

  it("run once, in a microtask, by priority and then in the order of creation", async () => {
    const log: unknown[] = [];
    for (const priority of [100, 0, -200, 0, 100])
      enqueueJob(priority, () => log.push(`${priority}#${log.length}`));
    expect(log).toEqual([]);
    await null;
    expect(log).toEqual(["-200#0", "0#1", "0#2", "100#3", "100#4"]);
    flushSync();
    await null;
    expect(log).toHaveLength(5);
  });

  it("have their place among effects", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => void (a.get(), log.push("early")));
    createEffect(() => void (a.get(), log.push("background")), { priority: "background" });
    log.length = 0;
    enqueueJob(0, () => log.push("job"));
    createEffect(() => void (a.get() > 0 && log.push("late")));
    a.set(1);
    flushSync();
    expect(log).toEqual(["early", "job", "late", "background"]);
  });

  it("run at the end of the batch in which they were made", () => {
    const log: string[] = [];
    batch(() => {
      enqueueJob(0, () => log.push("job"));
      flushSync();
      log.push("end");
    });
    expect(log).toEqual(["end", "job"]);
  });

  it("made in an effect join the flush, and do not end with the effect", () => {
    const a = signal(0);
    const log: string[] = [];
    const dispose = createEffect(() => {
      const value = a.get();
      enqueueJob(-1, () => log.push(`urgent ${value}`));
      enqueueJob(1, () => log.push(`late ${value}`));
    });
    createEffect(() => void log.push(`effect ${a.get()}`));
    batch(() => {
      a.set(1);
      dispose();
    });
    expect(log).toEqual(["effect 0", "urgent 0", "effect 1", "late 0"]);
  });

  it("made by jobs run in the same flush", () => {
    const log: number[] = [];
    enqueueJob(5, () => {
      log.push(1);
      enqueueJob(9, () => log.push(3));
      enqueueJob(-9, () => log.push(2));
    });
    flushSync();
    expect(log).toEqual([1, 2, 3]);
  });

  it("write as a batch: observers see all of it, in the same flush", () => {
    const a = signal(0);
    const b = signal(0);
    const log: string[] = [];
    createEffect(() => void log.push(`${a.get()} ${b.get()}`), { priority: "immediate" });
    enqueueJob(100, () => {
      a.set(1);
      b.set(1);
      log.push("written");
    });
    flushSync();
    expect(log).toEqual(["0 0", "written", "1 1"]);
  });

  it("depend on nothing that they read", () => {
    const a = signal(0);
    const double = computed(() => a.get() * 2);
    let runs = 0;
    enqueueJob(0, () => {
      double.get();
      a.get();
      runs++;
    });
    flushSync();
    const { nodes } = engine().counters;
    a.set(1);
    flushSync();
    expect(runs).toBe(1);
    expect(engine().counters.nodes).toBe(nodes);
  });

  it("leave nothing in the kernel", () => {
    const before = engine().counters;
    for (let i = 0; i < 500; i++) enqueueJob(i % 3, () => {});
    for (let i = 0; i < 500; i++) enqueueJob(i % 3, () => {}).cancel();
    flushSync();
    const { nodes, effects, edges } = engine().counters;
    expect({ nodes, effects, edges }).toEqual({
      nodes: before.nodes,
      effects: before.effects,
      edges: before.edges,
    });
  });

  it("that are cancelled do not run, and cancelling again or late changes nothing", async () => {
    const log: string[] = [];
    const first = enqueueJob(0, () => {
      log.push("first");
      second.cancel();
      first.cancel();
    });
    const second = enqueueJob(1, () => log.push("second"));
    const third = enqueueJob(0, () => log.push("third"));
    third.cancel();
    third.cancel();
    await null;
    expect(log).toEqual(["first"]);
    first.cancel();
    await null;
    expect(log).toEqual(["first"]);
  });

  it("own nothing: an effect that one creates goes on, and onCleanup has nobody", () => {
    const a = signal(0);
    const log: string[] = [];
    let dispose = () => {};
    enqueueJob(0, () => {
      onCleanup(() => log.push("cleanup"));
      dispose = createEffect(() => void log.push(`effect ${a.get()}`));
    });
    flushSync();
    a.set(1);
    flushSync();
    expect(log).toEqual(["effect 0", "effect 1"]);
    dispose();
  });

  it("throw to who flushes, or are reported, and stop nobody", async () => {
    const log: string[] = [];
    const fail = (message: string) => () => {
      throw new Error(message);
    };
    const one = new Error("one");
    enqueueJob(0, () => {
      throw one;
    });
    enqueueJob(0, () => log.push("after"));
    expect(thrownBy(flushSync)).toBe(one);
    expect(log).toEqual(["after"]);
    enqueueJob(0, fail("two"));
    enqueueJob(0, fail("three"));
    expect((thrownBy(flushSync) as AggregateError).errors.map((error) => error.message)).toEqual([
      "two",
      "three",
    ]);
    const errors = await collectUncaught(() => void enqueueJob(0, fail("in a microtask")));
    expect(errors.map((error) => (error as Error).message)).toEqual(["in a microtask"]);
  });

  it("that failed keep what they wrote", () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get()));
    enqueueJob(0, () => {
      a.set(1);
      throw new Error("after the write");
    });
    expect(() => flushSync()).toThrow("after the write");
    expect(seen).toEqual([0, 1]);
  });

  it("are not taken back by a transaction, and may run one", () => {
    const a = signal(0);
    const log: string[] = [];
    const roll = () =>
      transaction(() => {
        a.set(9);
        throw new Error("rolled back");
      });
    expect(() =>
      transaction(() => {
        enqueueJob(0, () => log.push(`job ${a.peek()}`));
        roll();
      }),
    ).toThrow("rolled back");
    expect(log).toEqual(["job 0"]);
    enqueueJob(0, () => {
      expect(roll).toThrow("rolled back");
      transaction(() => a.set(2));
    });
    flushSync();
    expect(a.peek()).toBe(2);
  });

  it("see the committed state, whoever made them", async () => {
    const a = signal(0);
    const seen: number[] = [];
    await transaction(async (tx) => {
      tx.set(a, 1);
      enqueueJob(0, () => seen.push(a.get()));
      await null;
      expect(a.get()).toBe(1);
    });
    expect(seen).toEqual([0]);
  });

  it("of background priority are sliced, and flushSync({ upTo }) knows them", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    configureScheduler({ budgetMs: 2 });
    const log: number[] = [];
    try {
      for (let i = 0; i < 5; i++)
        enqueueJob(100, () => {
          now++;
          log.push(i);
        });
      flushSync({ upTo: "normal" });
      expect(log).toEqual([]);
      await null;
      expect(log).toEqual([0, 1]);
      await new Promise((resolve) => setImmediate(resolve));
      expect(log).toEqual([0, 1, 2, 3]);
      flushSync({ upTo: "background" });
      expect(log).toEqual([0, 1, 2, 3, 4]);
    } finally {
      configureScheduler({ budgetMs: null });
      vi.restoreAllMocks();
    }
  });
});

describe("P1 the turn that a slice waits for", () => {
  const log: string[] = [];
  const setTimeout = (fn: () => void, ms: number) => {
    log.push(`timeout ${ms}`);
    fn();
  };
  class MessageChannel {
    readonly port1: { onmessage: (() => void) | null } = { onmessage: null };
    readonly port2 = {
      postMessage: () => {
        log.push("message");
        this.port1.onmessage?.();
      },
    };
  }
  const run = (host: Host) => {
    log.length = 0;
    const next = turnOf(host);
    next(() => log.push("first"));
    next(() => log.push("second"));
    return log;
  };

  it("is that of setImmediate where there is one", () => {
    const setImmediate = (fn: () => void) => {
      log.push("immediate");
      fn();
    };
    const host = { setImmediate, MessageChannel, setTimeout };
    expect(run(host)).toEqual(["immediate", "first", "immediate", "second"]);
  });

  it("else of a message, else of a timer", () => {
    expect(run({ MessageChannel, setTimeout })).toEqual(["message", "first", "message", "second"]);
    expect(run({ setTimeout })).toEqual(["timeout 0", "first", "timeout 0", "second"]);
  });
});
