import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("S6 order", ({ signal, computed, createEffect, onCleanup, batch, flushSync }) => {
  it("is that of creation, whatever was read or written first", () => {
    const a = signal(0);
    const b = signal(0);
    const log: number[] = [];
    createEffect(() => void (b.get(), log.push(1)));
    createEffect(() => void (a.get(), log.push(2)));
    createEffect(() => void (b.get(), a.get(), log.push(3)));
    createEffect(() => void (a.get(), log.push(4)));
    log.length = 0;
    batch(() => {
      a.set(1);
      b.set(1);
    });
    expect(log).toEqual([1, 2, 3, 4]);
    log.length = 0;
    batch(() => {
      b.set(2);
      a.set(2);
    });
    expect(log).toEqual([1, 2, 3, 4]);
  });

  it("stays that of creation after dependencies were relinked", () => {
    const a = signal(0);
    const on = signal(false);
    const log: number[] = [];
    createEffect(() => void (on.get() && a.get(), log.push(1)));
    createEffect(() => void (a.get(), log.push(2)));
    on.set(true);
    flushSync();
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual([1, 2]);
  });

  it("puts priority before creation", () => {
    const a = signal(0);
    const log: string[] = [];
    const add = (priority: "background" | "normal" | "user-blocking" | "immediate" | number) =>
      createEffect(() => void (a.get(), log.push(String(priority))), { priority });
    add("background");
    add("normal");
    add("user-blocking");
    add("immediate");
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["immediate", "user-blocking", "normal", "background"]);
  });

  it("takes integers as priorities, the lower the earlier, and counts no priority as normal", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => void (a.get(), log.push("none")));
    for (const priority of [5, -5, 1_000_000, -1_000_000, 0])
      createEffect(() => void (a.get(), log.push(String(priority))), { priority });
    createEffect(() => void (a.get(), log.push("normal")), { priority: "normal" });
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["-1000000", "-5", "none", "0", "normal", "5", "1000000"]);
  });

  it("lets a wake-up during the flush join the same queue", () => {
    const a = signal(0);
    const b = signal(0);
    const log: string[] = [];
    createEffect(() => void (b.get(), log.push("early on b")));
    createEffect(() => {
      log.push("writer");
      b.set(a.get());
    });
    createEffect(() => void (a.get(), log.push("late on a")));
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["writer", "early on b", "late on a"]);
  });

  it("runs what became urgent during the flush before what is merely older", () => {
    const a = signal(0);
    const b = signal(0);
    const log: string[] = [];
    createEffect(() => b.set(a.get()));
    createEffect(() => void (a.get(), log.push("normal")));
    createEffect(() => void (b.get(), log.push("immediate")), { priority: "immediate" });
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["immediate", "normal"]);
  });

  it("runs parents before children, so that a child that is to go does not run", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => {
      const value = a.get();
      log.push(`parent ${value}`);
      createEffect(() => void log.push(`child ${a.get()} of ${value}`));
    });
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["parent 1", "child 1 of 1"]);
  });

  it("runs cleanups before the next run and at dispose, last registered first", () => {
    const a = signal(0);
    const log: string[] = [];
    const dispose = createEffect(() => {
      const value = a.get();
      log.push(`run ${value}`);
      onCleanup(() => void log.push(`first ${value}`));
      onCleanup(() => void log.push(`second ${value}`));
      return () => void log.push(`returned ${value}`);
    });
    a.set(1);
    flushSync();
    dispose();
    expect(log).toEqual([
      "run 0",
      "returned 0",
      "second 0",
      "first 0",
      "run 1",
      "returned 1",
      "second 1",
      "first 1",
    ]);
  });

  it("runs no cleanup of an effect that turns out not to be due", () => {
    const a = signal(1);
    const sign = computed(() => Math.sign(a.get()));
    const log: string[] = [];
    createEffect(() => {
      sign.get();
      return () => void log.push("cleanup");
    });
    a.set(2);
    flushSync();
    expect(log).toEqual([]);
  });

  it("runs the cleanups of one effect right before that effect, not all of them first", () => {
    const a = signal(0);
    const log: string[] = [];
    for (const name of ["one", "two"])
      createEffect(() => {
        a.get();
        log.push(`${name} runs`);
        return () => void log.push(`${name} cleans`);
      });
    log.length = 0;
    a.set(1);
    flushSync();
    expect(log).toEqual(["one cleans", "one runs", "two cleans", "two runs"]);
  });

  it("is the same for the same sequence of calls", () => {
    const record = (): string[] => {
      const log: string[] = [];
      const all = Array.from({ length: 8 }, (_, i) => signal(i));
      for (let e = 0; e < 8; e++)
        createEffect(
          () => {
            log.push(`${e}:${all.map((s, i) => ((i * 7 + e) % 3 === 0 ? s.get() : "-")).join("")}`);
          },
          { priority: (e * 5) % 3 },
        );
      for (let step = 0; step < 20; step++) {
        all[(step * 3) % 8]?.set(step);
        if (step % 4 === 3) flushSync();
      }
      return log;
    };
    expect(record()).toEqual(record());
  });
});
