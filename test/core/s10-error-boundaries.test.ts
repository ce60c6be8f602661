import {
  batch,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  onScopeDispose,
  signal,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { uncaughtDuring } from "../async/support.js";
import { thrownBy } from "../helpers/uncaught.js";

const error = new Error("effect");

/** An effect in `around` scopes, the outermost handler first, that throws when `a` is 1. */
function nested(handlers: (((error: unknown) => void) | undefined)[]) {
  const a = signal(0);
  const others: number[] = [];
  const build = (at: number): void => {
    if (at < handlers.length) {
      createScope(() => build(at + 1), { onError: handlers[at] });
      return;
    }
    createEffect(() => {
      if (a.get() === 1) throw error;
    });
  };
  build(0);
  createEffect(() => void others.push(a.get()));
  return { a, others };
}

describe("S10 scopes as boundaries of errors", () => {
  it("in a microtask flush the nearest handler takes the error, and the others run", async () => {
    const log: unknown[] = [];
    const { a, others } = nested([
      (failure) => log.push(["outer", failure]),
      undefined,
      (failure) => log.push(["inner", failure]),
      undefined,
    ]);
    const uncaught = await uncaughtDuring(() => a.set(1));
    expect([log, uncaught, others]).toEqual([[["inner", error]], [], [0, 1]]);
  });

  it("what a handler throws goes to the next one outside, at last to the process", async () => {
    const second = new Error("handler");
    const fails = () => {
      throw second;
    };
    const log: unknown[] = [];
    const inner = nested([(failure) => log.push(failure), fails]);
    expect(await uncaughtDuring(() => inner.a.set(1))).toEqual([]);
    expect(log).toEqual([second]);
    const all = nested([fails, fails]);
    expect(await uncaughtDuring(() => all.a.set(1))).toEqual([second]);
  });

  it("a flush that has a caller throws to the caller", async () => {
    const log: unknown[] = [];
    const { a } = nested([(failure) => log.push(failure)]);
    const uncaught = await uncaughtDuring(() => {
      expect(thrownBy(() => batch(() => a.set(1)))).toBe(error);
      a.set(0);
      flushSync();
      a.set(1);
      expect(thrownBy(flushSync)).toBe(error);
    });
    expect([log, uncaught]).toEqual([[], []]);
  });

  it("each error goes to the scope of its own effect; without one it is uncaught", async () => {
    const a = signal(0);
    const log: string[] = [];
    for (const name of ["one", "two"])
      createScope(
        () =>
          createEffect(() => {
            if (a.get() === 1) throw name;
          }),
        { onError: (failure) => log.push(`${name}: ${failure}`) },
      );
    createEffect(() => {
      if (a.get() === 1) throw error;
    });
    expect(await uncaughtDuring(() => a.set(1))).toEqual([error]);
    expect(log).toEqual(["one: one", "two: two"]);
  });

  it("errors of cleanups and of subscriptions are handled like those of effects", async () => {
    const a = signal(0);
    const log: unknown[] = [];
    createScope(
      () => {
        createEffect(() => {
          if (a.get() === 0)
            onCleanup(() => {
              throw "cleanup";
            });
        });
        a.subscribe(() => {
          throw "listener";
        });
      },
      { onError: (failure) => log.push(failure) },
    );
    expect(await uncaughtDuring(() => a.set(1))).toEqual([]);
    expect(log).toEqual(["cleanup", "listener"]);
  });

  it("what cleanups throw when a scope is disposed, the caller gets, all of it", () => {
    const gone: number[] = [];
    const scope = createScope(
      () => {
        for (const n of [1, 2, 3])
          onScopeDispose(() => {
            gone.push(n);
            if (n !== 2) throw n;
          });
      },
      {
        onError: () => {
          throw new Error("not asked");
        },
      },
    );
    const thrown = thrownBy(scope.dispose) as AggregateError;
    expect([thrown.errors, gone, scope.disposed]).toEqual([[3, 1], [3, 2, 1], true]);
  });

  it("a handler may write, dispose and create; its reads are nobody's dependencies", async () => {
    const a = signal(0);
    const errors = signal(0);
    let runs = 0;
    const scope = createScope(
      () =>
        createEffect(() => {
          runs++;
          if (a.get() > 0) throw error;
        }),
      {
        onError: () => {
          errors.set((n) => n + 1);
          if (errors.get() === 2) scope.dispose();
        },
      },
    );
    for (const n of [1, 2, 3]) {
      a.set(n);
      expect(await uncaughtDuring(() => {})).toEqual([]);
    }
    expect([errors.get(), runs, scope.disposed]).toEqual([2, 3, true]);
  });

  it("in the first run the error is the creator's, not the handler's", () => {
    const log: unknown[] = [];
    const scope = createScope({ onError: (failure) => log.push(failure) });
    const create = () =>
      scope.run(() =>
        createEffect(() => {
          throw error;
        }),
      );
    expect([thrownBy(create), log]).toEqual([error, []]);
    scope.dispose();
  });
});
