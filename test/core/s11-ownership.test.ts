import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S11 ownership", (api) => {
  const { signal, computed, createEffect, onCleanup, untracked, batch, flushSync } = api;

  /** Creates an effect that logs its cleanup, and what `inside` creates belongs to it. */
  function owner(log: string[], name: string, inside: () => void = () => {}): () => void {
    return createEffect(() => {
      inside();
      onCleanup(() => void log.push(name));
    });
  }

  it("an effect created inside another is disposed with it: children first, last created first", () => {
    const log: string[] = [];
    const dispose = owner(log, "root", () => {
      owner(log, "a", () => {
        owner(log, "a1");
        owner(log, "a2");
      });
      owner(log, "b");
    });
    dispose();
    expect(log).toEqual(["b", "a2", "a1", "a", "root"]);
  });

  it("and before its owner's next run", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => {
      log.push(`parent ${a.get()}`);
      createEffect(() => {
        log.push("child");
        onCleanup(() => void log.push("child gone"));
      });
      onCleanup(() => void log.push("parent cleanup"));
    });
    a.set(1);
    flushSync();
    expect(log).toEqual(["parent 0", "child", "child gone", "parent cleanup", "parent 1", "child"]);
  });

  it("a child disposed by hand is not disposed twice", () => {
    const log: string[] = [];
    let disposeChild = () => {};
    const dispose = createEffect(() => {
      disposeChild = owner(log, "child");
    });
    disposeChild();
    dispose();
    expect(log).toEqual(["child"]);
  });

  it("old children do not run for writes after their parent's next run", () => {
    const parentTrigger = signal(0);
    const childTrigger = signal(0);
    let childRuns = 0;
    createEffect(() => {
      parentTrigger.get();
      createEffect(() => {
        childTrigger.get();
        childRuns++;
      });
    });
    for (let i = 1; i <= 5; i++) {
      parentTrigger.set(i);
      flushSync();
    }
    childRuns = 0;
    childTrigger.set(1);
    flushSync();
    expect(childRuns).toBe(1);
  });

  it("belongs to its creator also under untracked and batch", () => {
    const log: string[] = [];
    const dispose = createEffect(() => {
      untracked(() => owner(log, "under untracked"));
      batch(() => owner(log, "under batch"));
    });
    dispose();
    expect(log).toEqual(["under batch", "under untracked"]);
  });

  it("does not belong to an effect whose run is over, nor to one whose cleanup creates it", () => {
    const log: string[] = [];
    let later = () => {};
    const dispose = createEffect(() => {
      later = () => void owner(log, "later");
      onCleanup(() => void owner(log, "from cleanup"));
    });
    later();
    dispose();
    expect(log).toEqual([]);
  });

  it("onCleanup after a nested effect still belongs to the outer one", () => {
    const inner = signal(0);
    const log: string[] = [];
    const dispose = createEffect(() => {
      createEffect(() => void inner.get());
      onCleanup(() => void log.push("outer"));
    });
    inner.set(1);
    flushSync();
    expect(log).toEqual([]);
    dispose();
    expect(log).toEqual(["outer"]);
  });

  it("dispose is idempotent", () => {
    const log: string[] = [];
    const dispose = owner(log, "once");
    dispose();
    dispose();
    dispose();
    expect(log).toEqual(["once"]);
  });

  it("dispose works during the effect's own run, with the cleanups of that run", () => {
    const a = signal(0);
    const log: string[] = [];
    const dispose = createEffect(() => {
      const value = a.get();
      log.push(`run ${value}`);
      onCleanup(() => void log.push(`before ${value}`));
      if (value === 1) {
        dispose();
        log.push("goes on");
        onCleanup(() => void log.push("registered after"));
        createEffect(() => {
          log.push("child of the disposed");
          a.get();
          return () => void log.push("child gone");
        });
      }
      return () => void log.push(`returned ${value}`);
    });
    a.set(1);
    flushSync();
    const afterRun = [...log];
    a.set(2);
    flushSync();
    expect(log).toEqual(afterRun);
    for (const entry of [
      "before 0",
      "returned 0",
      "before 1",
      "returned 1",
      "registered after",
      "goes on",
    ])
      expect(log.filter((e) => e === entry)).toHaveLength(1);
    expect(log.filter((e) => e === "child gone")).toHaveLength(
      log.filter((e) => e === "child of the disposed").length,
    );
  });

  it("dispose in the first run, through a handle that is not there yet, is possible from a child", () => {
    const a = signal(0);
    let runs = 0;
    let dispose: (() => void) | undefined;
    dispose = createEffect(() => {
      runs++;
      if (a.get() === 1) dispose?.();
      a.get();
    });
    a.set(1);
    flushSync();
    a.set(2);
    flushSync();
    expect(runs).toBe(2);
  });

  it("an effect disposed by an earlier one of the same flush does not run", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => {
      log.push("first");
      if (a.get() === 1) disposeSecond();
    });
    const disposeSecond = createEffect(() => {
      a.get();
      log.push("second");
    });
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["first"]);
  });

  it("an effect disposed in a batch or before the microtask does not run", async () => {
    const a = signal(0);
    let runs = 0;
    const run = () => createEffect(() => void (a.get(), runs++));
    const one = run();
    const two = run();
    runs = 0;
    batch(() => {
      a.set(1);
      one();
    });
    expect(runs).toBe(1);
    a.set(2);
    two();
    await Promise.resolve();
    expect(runs).toBe(1);
  });

  it("a child may dispose its parent", () => {
    const a = signal(0);
    const log: string[] = [];
    const dispose = createEffect(() => {
      log.push("parent");
      createEffect(() => {
        log.push(`child ${a.get()}`);
        if (a.get() === 1) dispose();
      });
      return () => void log.push("parent gone");
    });
    a.set(1);
    flushSync();
    a.set(2);
    flushSync();
    expect(log).toEqual(["parent", "child 0", "child 1", "parent gone"]);
  });

  it("a cleanup may dispose its own effect: it does not run again", () => {
    const a = signal(0);
    let runs = 0;
    const dispose = createEffect(() => {
      runs++;
      a.get();
      return () => dispose();
    });
    a.set(1);
    flushSync();
    a.set(2);
    flushSync();
    expect(runs).toBe(1);
  });

  it("after dispose neither computeds run on its behalf nor listeners", () => {
    const a = signal(0);
    let evaluations = 0;
    const c = computed(() => (evaluations++, a.get()));
    const dispose = createEffect(() => void c.get());
    dispose();
    const seen: number[] = [];
    const stop = a.subscribe((value) => void seen.push(value));
    stop();
    stop();
    a.set(1);
    flushSync();
    expect([evaluations, seen]).toEqual([1, []]);
  });

  it("a deep tree of owners is disposed as a whole", () => {
    const a = signal(0);
    let alive = 0;
    let runs = 0;
    const grow = (depth: number): (() => void) =>
      createEffect(() => {
        alive++;
        runs++;
        a.get();
        if (depth > 0) for (let i = 0; i < 2; i++) grow(depth - 1);
        return () => void alive--;
      });
    const dispose = grow(6);
    expect(alive).toBe(127);
    dispose();
    expect(alive).toBe(0);
    runs = 0;
    a.set(1);
    flushSync();
    expect(runs).toBe(0);
  });

  it("a disposed computed lets go, then recomputes and relinks when it is read again", () => {
    const a = signal(1);
    let evaluations = 0;
    const c = computed(() => (evaluations++, a.get() * 2));
    expect(c.get()).toBe(2);
    c.dispose();
    c.dispose();
    a.set(2);
    expect(evaluations).toBe(1);
    expect(c.get()).toBe(4);
    a.set(3);
    expect(c.get()).toBe(6);
    const seen: number[] = [];
    createEffect(() => void seen.push(c.get()));
    a.set(4);
    flushSync();
    expect(seen).toEqual([6, 8]);
  });

  it("a disposed computed that is observed is evaluated anew, and wakes its observers as before", () => {
    const a = signal(1);
    let evaluations = 0;
    const c = computed(() => (evaluations++, a.get() * 2));
    const seen: number[] = [];
    const end = createEffect(() => void seen.push(c.get()));
    c.dispose();
    flushSync();
    expect([evaluations, seen]).toEqual([2, [2]]);
    a.set(2);
    flushSync();
    c.dispose();
    a.set(3);
    flushSync();
    expect([evaluations, seen]).toEqual([4, [2, 4, 6]]);
    end();
  });

  it("a computed that disposes itself in every run stays right in every run", () => {
    const a = signal(1);
    const c = computed<number>(() => {
      c.dispose();
      return a.get();
    });
    const seen: number[] = [];
    for (let i = 1; i <= 5; i++) {
      a.set(i);
      seen.push(c.get());
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it("a computed disposed below a cached one is read again when that is observed", () => {
    const a = signal(0);
    const inner = computed(() => a.get());
    const outer = computed(() => inner.get());
    outer.get();
    inner.dispose();
    const seen: number[] = [];
    createEffect(() => void seen.push(outer.get()));
    a.set(1);
    flushSync();
    expect(seen).toEqual([0, 1]);
    expect([outer.get(), inner.get()]).toEqual([1, 1]);
  });

  it("a computed disposed inside its own function stays usable", () => {
    const a = signal(1);
    const c = computed<number>(() => {
      const value = a.get();
      if (value === 1) c.dispose();
      return value;
    });
    expect(c.get()).toBe(1);
    a.set(2);
    expect(c.get()).toBe(2);
    a.set(3);
    expect(c.get()).toBe(3);
  });
});
