/** What published programs can observe: the core items. */
import { expect, it, vi } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine("What published programs can observe", (api) => {
  const { signal, computed, createEffect, onCleanup, untracked, batch, transaction, flushSync } =
    api;

  it("every method works detached", () => {
    const { get, set, peek, subscribe } = signal(1);
    const { get: double, peek: peekDouble, dispose } = computed(() => get() * 2);
    const seen: number[] = [];
    const stop = subscribe((value) => void seen.push(value));
    set(2);
    set((n) => n + 1);
    flushSync();
    expect([get(), peek(), double(), peekDouble()]).toEqual([3, 3, 6, 6]);
    dispose();
    stop();
    expect(seen).toEqual([3]);
  });

  it("every method works with a foreign or missing this", () => {
    const a = signal(1);
    const c = computed(() => a.get());
    expect(Reflect.apply(a.get, undefined, [])).toBe(1);
    expect(Reflect.apply(a.get, signal("other"), [])).toBe(1);
    Reflect.apply(a.set, null, [2]);
    expect(Reflect.apply(c.get, a, [])).toBe(2);
    expect([3, 4].map(a.set)).toEqual([undefined, undefined]);
    expect(a.peek()).toBe(4);
  });

  it("a method is the same function every time it is asked for", () => {
    const a = signal(1);
    const c = computed(() => a.get());
    expect(a.get).toBe(a.get);
    expect(a.set).toBe(a.set);
    expect(a.peek).toBe(a.peek);
    expect(c.get).toBe(c.get);
    expect(c.dispose).toBe(c.dispose);
  });

  it("own enumerable keys: signal get, set, subscribe, peek; computed get, peek, dispose", () => {
    const a = signal(1);
    const c = computed(() => 1);
    expect(Object.keys(a).sort()).toEqual(["get", "peek", "set", "subscribe"]);
    expect(Object.keys(c).sort()).toEqual(["dispose", "get", "peek"]);
    for (const key of ["get", "set", "subscribe", "peek"]) expect(Object.hasOwn(a, key)).toBe(true);
    for (const key of ["get", "peek", "dispose"]) expect(Object.hasOwn(c, key)).toBe(true);
  });

  it("handles can be spread and destructured after any use", () => {
    const a = signal(1);
    a.get();
    const copy = { ...a };
    copy.set(5);
    expect([a.get(), copy.get(), Object.keys(copy).sort()]).toEqual([
      5,
      5,
      ["get", "peek", "set", "subscribe"],
    ]);
    const c = { ...computed(() => a.get() + 1) };
    expect([c.get(), c.peek(), Object.keys(c).sort()]).toEqual([6, 6, ["dispose", "get", "peek"]]);
  });

  it("methods are plain properties: they can be spied on and replaced", () => {
    const a = signal(1);
    const get = vi.spyOn(a, "get");
    expect([a.get(), get.mock.calls.length]).toEqual([1, 1]);
    get.mockReturnValueOnce(7);
    expect([a.get(), a.get()]).toEqual([7, 1]);
    for (const handle of [a, computed(() => 1)])
      for (const property of Object.values(Object.getOwnPropertyDescriptors(handle)))
        expect(property).toMatchObject({ enumerable: true, writable: true });
  });

  it("set, flushSync, dispose and onCleanup return undefined", () => {
    const a = signal(1);
    const dispose = createEffect(() => {});
    expect([a.set(2), a.set((n) => n), flushSync(), dispose(), onCleanup(() => {})]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("onCleanup outside a run is a silent no-op", () => {
    let called = 0;
    onCleanup(() => void called++);
    batch(() => onCleanup(() => void called++));
    untracked(() => onCleanup(() => void called++));
    const dispose = createEffect(() => {});
    dispose();
    flushSync();
    expect(called).toBe(0);
  });

  it("a function as value goes through the updater form, an initial one is kept", () => {
    const fn = () => 1;
    const a = signal<() => number>(fn);
    expect(a.get()).toBe(fn);
    const other = () => 2;
    a.set(() => other);
    expect(a.get()).toBe(other);
  });

  it("an updater that sets the same signal is overruled by its own result", () => {
    const a = signal(1);
    a.set((n) => {
      a.set(100);
      return n + 1;
    });
    expect(a.get()).toBe(2);
  });

  it("every JavaScript value survives a round trip through signal, computed and effect", () => {
    class Thing {}
    const values: unknown[] = [
      undefined,
      null,
      true,
      false,
      0,
      -0,
      Number.NaN,
      Infinity,
      2 ** 53,
      1n,
      "",
      "\ud800",
      Symbol("s"),
      {},
      [],
      new Thing(),
      new Map(),
      new WeakMap(),
      new Date(Number.NaN),
      /x/g,
      new Proxy({}, {}),
      Promise.resolve(),
      new Error("value"),
      new Uint8Array(2),
      Object.create(null),
      globalThis,
    ];
    const a = signal<unknown>("start");
    const c = computed(() => a.get());
    let seen: unknown;
    createEffect(() => {
      seen = c.get();
    });
    for (const value of values) {
      a.set(value);
      flushSync();
      for (const got of [a.get(), a.peek(), c.get(), seen])
        expect(Object.is(got, value)).toBe(true);
    }
  });

  it("an effect may return anything: only functions are cleanups", async () => {
    const a = signal(0);
    let runs = 0;
    for (const result of [undefined, null, 1, "text", {}, [], Promise.resolve()])
      createEffect((() => {
        a.get();
        runs++;
        return result;
      }) as () => void);
    runs = 0;
    a.set(1);
    flushSync();
    expect(runs).toBe(7);
    await Promise.resolve();
  });

  it("onCleanup and the returned cleanup may be the same function, called for each", () => {
    let calls = 0;
    const cleanup = () => void calls++;
    const dispose = createEffect(() => {
      onCleanup(cleanup);
      onCleanup(cleanup);
      return cleanup;
    });
    dispose();
    expect(calls).toBe(3);
  });

  it("computeds can be made anywhere: in effects, computeds, batches and transactions", () => {
    const a = signal(1);
    const nested = computed(() => computed(() => a.get() + 1).get() * 10);
    expect(nested.get()).toBe(20);
    a.set(2);
    expect(nested.get()).toBe(30);
    const made = transaction(() => batch(() => computed(() => a.get())));
    expect(made.get()).toBe(2);
    let inner = made;
    createEffect(() => {
      inner = computed(() => a.get() * 3);
      inner.get();
    });
    a.set(5);
    flushSync();
    expect(inner.get()).toBe(15);
  });
});
