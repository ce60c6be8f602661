import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";
import { collectUncaught, thrownBy } from "../helpers/uncaught.js";

forEachEngine("S10 errors of effects", (api) => {
  const { signal, computed, createEffect, onCleanup, batch, transaction, flushSync } = api;

  /** Three effects on one signal of which those named in `bad` throw when it is 1. */
  function three(bad: number[]) {
    const a = signal(0);
    const log: number[] = [];
    for (const n of [1, 2, 3])
      createEffect(() => {
        log.push(n);
        if (a.get() === 1 && bad.includes(n)) throw new Error(`effect ${n}`);
      });
    log.length = 0;
    return { a, log };
  }

  it("one that throws does not stop the others, and flushSync throws it as it is", () => {
    const { a, log } = three([1]);
    a.set(1);
    expect(() => flushSync()).toThrow(new Error("effect 1"));
    expect(log).toEqual([1, 2, 3]);
  });

  it("several reach the caller of a batch in an AggregateError, in the order of their effects", () => {
    const { a, log } = three([1, 3]);
    const error = thrownBy(() => batch(() => a.set(1)));
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([
      new Error("effect 1"),
      new Error("effect 3"),
    ]);
    expect(log).toEqual([1, 2, 3]);
  });

  it("reach the caller of a transaction, whose writes stay", () => {
    const { a } = three([2]);
    expect(() => transaction(() => a.set(1))).toThrow(new Error("effect 2"));
    expect(a.get()).toBe(1);
  });

  it("the caller's own exception comes first", () => {
    const { a, log } = three([2]);
    const own = new Error("own");
    const error = thrownBy(() =>
      batch(() => {
        a.set(1);
        throw own;
      }),
    );
    expect((error as AggregateError).errors).toEqual([own, new Error("effect 2")]);
    expect((error as AggregateError).errors[0]).toBe(own);
    expect(log).toEqual([1, 2, 3]);
  });

  it("the caller's own exception alone is thrown as it is, after the flush", () => {
    const { a, log } = three([]);
    const own = { not: "an error" };
    expect(
      thrownBy(() =>
        batch(() => {
          a.set(1);
          throw own;
        }),
      ),
    ).toBe(own);
    expect(log).toEqual([1, 2, 3]);
  });

  it("an AggregateError that an effect throws is not taken apart", () => {
    const a = signal(0);
    const thrown = new AggregateError([new Error("x")], "mine");
    createEffect(() => {
      if (a.get() === 1) throw thrown;
    });
    a.set(1);
    expect(thrownBy(flushSync)).toBe(thrown);
  });

  it("values that are no errors keep their identity", () => {
    for (const thrown of [undefined, null, 0, "text"]) {
      const a = signal(0);
      createEffect(() => {
        if (a.get() === 1) throw thrown;
      });
      a.set(1);
      expect(Object.is(thrownBy(flushSync), thrown)).toBe(true);
    }
  });

  it("in a microtask flush are reported as uncaught exceptions, each of them", async () => {
    const { a, log } = three([1, 3]);
    const uncaught = await collectUncaught(() => a.set(1));
    const flat = uncaught.flatMap((e) => (e instanceof AggregateError ? e.errors : [e]));
    expect(flat).toEqual([new Error("effect 1"), new Error("effect 3")]);
    expect(log).toEqual([1, 2, 3]);
  });

  it("leave the effect alive and subscribed", () => {
    const { a, log } = three([2]);
    a.set(1);
    expect(() => flushSync()).toThrow();
    log.length = 0;
    a.set(2);
    flushSync();
    expect(log).toEqual([1, 2, 3]);
  });

  it("of a computed that an effect does not catch are the effect's", () => {
    const a = signal(0);
    const error = new Error("computed");
    const c = computed(() => {
      if (a.get() === 1) throw error;
    });
    createEffect(() => c.get());
    a.set(1);
    expect(thrownBy(flushSync)).toBe(error);
    a.set(2);
    flushSync();
  });

  it("of a cleanup are reported, the other cleanups and the next run happen", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => {
      log.push(`run ${a.get()}`);
      const first = a.get() === 0;
      onCleanup(() => void log.push("outer cleanup"));
      onCleanup(() => {
        if (first) throw new Error("cleanup");
      });
      onCleanup(() => void log.push("inner cleanup"));
    });
    a.set(1);
    expect(() => flushSync()).toThrow(new Error("cleanup"));
    expect(log).toEqual(["run 0", "inner cleanup", "outer cleanup", "run 1"]);
  });

  it("of a cleanup and of the run after it both reach the caller, in that order", () => {
    const a = signal(0);
    createEffect(() => {
      if (a.get() === 1) throw new Error("run");
      onCleanup(() => {
        throw new Error("cleanup");
      });
    });
    a.set(1);
    const error = thrownBy(flushSync) as AggregateError;
    expect(error.errors).toEqual([new Error("cleanup"), new Error("run")]);
  });

  it("of a cleanup in a microtask flush are reported as uncaught", async () => {
    const a = signal(0);
    createEffect(() => {
      if (a.get() === 0)
        onCleanup(() => {
          throw new Error("late cleanup");
        });
    });
    expect(await collectUncaught(() => a.set(1))).toEqual([new Error("late cleanup")]);
  });

  it("of a cleanup at dispose are not swallowed, and the effect is disposed all the same", async () => {
    const a = signal(0);
    let runs = 0;
    const dispose = createEffect(() => {
      runs++;
      a.get();
      onCleanup(() => {
        throw new Error("at dispose");
      });
    });
    const found: unknown[] = [];
    const uncaught = await collectUncaught(() => {
      try {
        dispose();
      } catch (error) {
        found.push(error);
      }
    });
    expect([...found, ...uncaught]).toEqual([new Error("at dispose")]);
    a.set(1);
    flushSync();
    expect(runs).toBe(1);
    dispose();
  });

  it("in the first run are thrown by createEffect, and the effect is disposed", () => {
    const a = signal(0);
    const log: string[] = [];
    const create = () =>
      createEffect(() => {
        log.push(`run ${a.get()}`);
        onCleanup(() => void log.push("cleanup"));
        createEffect(() => {
          a.get();
          return () => void log.push("child gone");
        });
        throw new Error("first run");
      });
    expect(create).toThrow(new Error("first run"));
    expect(log).toEqual(["run 0", "child gone", "cleanup"]);
    a.set(1);
    flushSync();
    expect(log).toHaveLength(3);
  });

  it("in the first run of a nested effect are its parent's", () => {
    const a = signal(0);
    const log: string[] = [];
    createEffect(() => {
      const value = a.get();
      log.push(`parent ${value}`);
      createEffect(() => {
        if (value === 1) throw new Error("child");
      });
    });
    a.set(1);
    expect(() => flushSync()).toThrow(new Error("child"));
    a.set(2);
    flushSync();
    expect(log).toEqual(["parent 0", "parent 1", "parent 2"]);
  });

  it("in the first run of a nested effect that wrote do not hide the write from its parent", () => {
    const a = signal(0);
    const seen: number[] = [];
    createEffect(() => {
      const value = a.get();
      seen.push(value);
      createEffect(() => {
        if (value !== 1) return;
        a.set(2);
        throw new Error("child");
      });
    });
    a.set(1);
    expect(() => flushSync()).toThrow(new Error("child"));
    expect(seen).toEqual([0, 1, 2]);
  });

  it("of a subscribe listener do not stop others and do not end the subscription", () => {
    const a = signal(0);
    const seen: number[] = [];
    a.subscribe((value) => {
      if (value === 1) throw new Error("listener");
    });
    a.subscribe((value) => void seen.push(value));
    a.set(1);
    expect(() => flushSync()).toThrow(new Error("listener"));
    a.set(2);
    flushSync();
    expect(seen).toEqual([1, 2]);
  });

  it("of comparators and updaters are thrown by set, and change nothing", () => {
    const a = signal(1, () => {
      throw new Error("comparator");
    });
    const b = signal(1);
    const seen: number[] = [];
    createEffect(() => void seen.push(a.get() + b.get()));
    expect(() => a.set(2)).toThrow("comparator");
    expect(() =>
      b.set(() => {
        throw new Error("updater");
      }),
    ).toThrow("updater");
    flushSync();
    expect([a.get(), b.get()]).toEqual([1, 1]);
    b.set(5);
    flushSync();
    expect(seen).toEqual([2, 6]);
  });

  it("anywhere leave every other effect with every later write", () => {
    const a = signal(0);
    const seen: number[] = [];
    const throwing = (fn: () => unknown) => expect(fn).toThrow();
    createEffect(() => void seen.push(a.get()));
    throwing(() =>
      createEffect(() => {
        a.get();
        throw new Error("first");
      }),
    );
    throwing(() =>
      computed(() => {
        a.get();
        throw new Error("computed");
      }).get(),
    );
    throwing(() =>
      batch(() => {
        a.set(1);
        throw new Error("batch");
      }),
    );
    throwing(() =>
      transaction(() => {
        a.set(99);
        throw new Error("transaction");
      }),
    );
    throwing(() =>
      batch(() =>
        batch(() =>
          transaction(() => {
            throw new Error("nested");
          }),
        ),
      ),
    );
    throwing(() =>
      a.set(() => {
        throw new Error("updater");
      }),
    );
    a.set(2);
    flushSync();
    expect(seen).toEqual([0, 1, 2]);
  });
});
