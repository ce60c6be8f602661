import {
  batch,
  computed,
  configureTransactions,
  createEffect,
  createScope,
  DisposedError,
  flushSync,
  getScope,
  onCleanup,
  onScopeDispose,
  type Scope,
  signal,
} from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { afterEach, describe, expect, it } from "vitest";
import { thrownBy } from "../helpers/uncaught.js";

afterEach(() => configureTransactions({ asyncContext: true }));

describe("S11 scopes", () => {
  it("effects and subscriptions end with their scope; computeds and signals go on", () => {
    const a = signal(0);
    const seen: string[] = [];
    const scope = createScope(() => {
      createEffect(() => void seen.push(`effect ${a.get()}`));
      a.subscribe((value) => void seen.push(`listener ${value}`));
    });
    const double = scope.run(() => computed(() => a.get() * 2));
    a.set(1);
    flushSync();
    expect(scope.disposed).toBe(false);
    scope.dispose();
    scope.dispose();
    a.set(2);
    flushSync();
    expect(seen).toEqual(["effect 0", "effect 1", "listener 1"]);
    expect([scope.disposed, double.get()]).toEqual([true, 4]);
  });

  it("end what was created last first, then run their own cleanups, the last one first", () => {
    const log: string[] = [];
    const note = (name: string) => () => void log.push(name);
    const scope = createScope(() => {
      onScopeDispose(note("scope 1"));
      createEffect(() => note("effect"));
      createScope(() => {
        onScopeDispose(note("inner 1"));
        createEffect(() => note("inner effect"));
        onCleanup(note("inner 2"));
      });
      onScopeDispose(note("scope 2"));
    });
    scope.dispose();
    expect(log).toEqual(["inner effect", "inner 2", "inner 1", "effect", "scope 2", "scope 1"]);
  });

  it("belong to the effect or scope around them, unless they are detached", () => {
    const trigger = signal(0);
    const inner: Scope[] = [];
    const detached: Scope[] = [];
    const outer = createScope(() =>
      createEffect(() => {
        trigger.get();
        inner.push(createScope());
        detached.push(createScope({ detached: true }));
      }),
    );
    trigger.set(1);
    flushSync();
    expect(inner.map(({ disposed }) => disposed)).toEqual([true, false]);
    outer.dispose();
    expect(inner.map(({ disposed }) => disposed)).toEqual([true, true]);
    expect(detached.map(({ disposed }) => disposed)).toEqual([false, false]);
    for (const scope of detached) scope.dispose();
  });

  it("using ends the scope at the end of the block", () => {
    const log: string[] = [];
    {
      using scope = createScope();
      scope.run(() => onScopeDispose(() => void log.push("gone")));
      log.push("block");
    }
    expect(log).toEqual(["block", "gone"]);
  });

  it("a function that throws ends the scope that was made for it", () => {
    const log: string[] = [];
    const error = new Error("fn");
    const create = () =>
      createScope(() => {
        onScopeDispose(() => void log.push("gone"));
        throw error;
      });
    expect(thrownBy(create)).toBe(error);
    expect(log).toEqual(["gone"]);
  });

  it("an AbortSignal ends it, also one that was aborted before, and is not listened to afterwards", () => {
    const controller = new AbortController();
    const log: string[] = [];
    const scope = createScope(() => onScopeDispose(() => void log.push("gone")), {
      signal: controller.signal,
    });
    controller.abort();
    expect([scope.disposed, log]).toEqual([true, ["gone"]]);
    expect(createScope({ signal: AbortSignal.abort() }).disposed).toBe(true);
    expect(() => createScope(() => {}, { signal: AbortSignal.abort() })).toThrow(DisposedError);
  });

  it("one that has ended refuses work, by name, and calls what is registered at once", async () => {
    const scope = createScope({ name: "request" });
    let late: unknown[] = [];
    let called = 0;
    const running = scope.run(async () => {
      await null;
      late = [
        thrownBy(() => createEffect(() => {})),
        thrownBy(() => createScope()),
        thrownBy(() => signal(0).subscribe(() => {})),
      ];
      onScopeDispose(() => void called++);
    });
    scope.dispose();
    await running;
    for (const error of [...late, thrownBy(() => scope.run(() => {}))]) {
      expect(error).toBeInstanceOf(DisposedError);
      expect((error as Error).message).toContain("Scope request");
    }
    expect(called).toBe(1);
  });

  it("a flush that happens inside belongs to nobody, and the scope goes on after it", () => {
    for (const asyncContext of [true, false]) {
      configureTransactions({ asyncContext });
      const a = signal(0);
      const owners: unknown[] = [];
      const stop = createEffect(() => void (a.get(), owners.push(getScope())));
      const scope = createScope(() => {
        batch(() => a.set(1));
        createEffect(() => void owners.push(getScope()));
      });
      expect(owners).toEqual([null, null, scope]);
      scope.dispose();
      stop();
    }
  });

  it("onScopeDispose outside of all scopes does nothing, and a cleanup creates for nobody", () => {
    onScopeDispose(() => {
      throw new Error("never");
    });
    const a = signal(0);
    let runs = 0;
    let stop = () => {};
    const scope = createScope(() =>
      onScopeDispose(() => {
        stop = createEffect(() => void (a.get(), runs++));
      }),
    );
    scope.dispose();
    a.set(1);
    flushSync();
    expect(runs).toBe(2);
    stop();
  });

  it("bad arguments are refused at the call", () => {
    for (const bad of [
      () => createScope(1 as never),
      () => createScope(null, 1 as never),
      () => createScope({ onError: 1 } as never),
      () => createScope({ detached: "yes" } as never),
      () => createScope({ signal: {} } as never),
      () => createScope({ name: 1 } as never),
      () => createScope().run(1 as never),
      () => onScopeDispose(1 as never),
    ])
      expect(thrownBy(bad)).toMatchObject({ name: "TypeError", code: "ERR_SK_INVALID_ARG" });
  });

  it("10,000 of them leave nothing behind", () => {
    const a = signal(0);
    const before = engine().counters;
    for (let i = 0; i < 10_000; i++) {
      const scope = createScope(() => {
        const double = computed(() => a.get() + i);
        createEffect(() => void double.get());
        createScope(() => a.subscribe(() => {}));
      });
      if (i % 100 === 0) batch(() => a.set(i));
      scope.dispose();
    }
    const { nodes, edges, effects, queued } = engine().counters;
    expect([nodes, edges, effects, queued]).toEqual([
      before.nodes,
      before.edges,
      before.effects,
      before.queued,
    ]);
  });
});
