/** The types of the core: what compiles, what is inferred, and what must not compile. */
import {
  atomic,
  batch,
  type Computed,
  type ComputedOptions,
  CycleError,
  computed,
  configureScheduler,
  createEffect,
  type EffectOptions,
  type EqualsFn,
  type FlushOptions,
  flushSync,
  onCleanup,
  type Priority,
  type SchedulerOptions,
  type Signal,
  SignalKernelError,
  type SignalOptions,
  signal,
  transaction,
  untracked,
} from "@signal-kernel/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { diagnosticsOf } from "../helpers/diagnostics.js";

describe("Types of the core", () => {
  it("are those that this file expects, says the compiler", () => {
    expect(diagnosticsOf(import.meta.url)).toEqual([]);
  });

  it("signal: the value's type is inferred or given", () => {
    expectTypeOf(signal(1)).toEqualTypeOf<Signal<number>>();
    expectTypeOf(signal("a").get).returns.toEqualTypeOf<string>();
    expectTypeOf(signal<number | null>(null).peek()).toEqualTypeOf<number | null>();
    expectTypeOf(signal(1).set).returns.toEqualTypeOf<void>();
    expectTypeOf(signal(1).subscribe).returns.toEqualTypeOf<() => void>();
    expectTypeOf(signal(1).subscribe).parameter(0).toEqualTypeOf<(value: number) => void>();
    const wide = signal<number | undefined>(undefined);
    wide.set(undefined);
    wide.set((previous) => {
      expectTypeOf(previous).toEqualTypeOf<number | undefined>();
      return 1;
    });
  });

  it("signal: wrong values do not compile", () => {
    const count = signal(0);
    // @ts-expect-error a string is no number
    count.set("1");
    // @ts-expect-error the updater must return a number
    count.set(() => "1");
    const overwrite = () => {
      // @ts-expect-error get is not writable
      count.get = () => 1;
    };
    expect(overwrite).toBeTypeOf("function");
    // @ts-expect-error the comparator must return a boolean
    signal(0, (a: number, b: number) => a - b);
    // @ts-expect-error true is no comparator
    expect(() => signal(0, true)).toThrow(TypeError);
    // @ts-expect-error there is no such option
    signal(0, { equal: Object.is });
  });

  it("signal: equals and options take the type of the value", () => {
    signal({ id: 1 }, (a, b) => {
      expectTypeOf(a).toEqualTypeOf<{ id: number }>();
      return a.id === b.id;
    });
    signal({ id: 1 }, { equals: (a, b) => a.id === b.id, name: "thing" });
    const sameNumber: EqualsFn<number> = (a, b) => a === b;
    expectTypeOf(signal(0, sameNumber)).toEqualTypeOf<Signal<number>>();
    expectTypeOf(signal(0, { equals: sameNumber })).toEqualTypeOf<Signal<number>>();
    expectTypeOf(signal(0, (a, b) => a === b)).toEqualTypeOf<Signal<number>>();
    signal(1, false);
    signal(1, { equals: false });
    expectTypeOf<SignalOptions<number>["equals"]>().toEqualTypeOf<
      EqualsFn<number> | false | undefined
    >();
    expectTypeOf<ComputedOptions<string>["name"]>().toEqualTypeOf<string | undefined>();
  });

  it("computed: the value's type is that of the function's result", () => {
    const a = signal(1);
    expectTypeOf(computed(() => a.get() > 0)).toEqualTypeOf<Computed<boolean>>();
    const text = computed(() => `${a.get()}`);
    expectTypeOf(text.get()).toEqualTypeOf<string>();
    expectTypeOf(text.peek()).toEqualTypeOf<string | undefined>();
    expectTypeOf(text.dispose).toEqualTypeOf<() => void>();
    expectTypeOf(text).not.toHaveProperty("set");
    computed<number>((previous) => {
      expectTypeOf(previous).toEqualTypeOf<number | undefined>();
      return (previous ?? 0) + 1;
    });
    computed(() => ({ id: a.get() }), { equals: (x, y) => x.id === y.id });
    // @ts-expect-error a computed has no set
    expect(() => computed(() => 1).set(2)).toThrow(TypeError);
  });

  it("createEffect: nothing or a cleanup is returned, a disposer comes back", () => {
    expectTypeOf(createEffect(() => {})).toEqualTypeOf<() => void>();
    createEffect(() => () => {});
    createEffect(() => {
      if (Math.random() > 2) return () => {};
      return undefined;
    });
    createEffect(() => {}, { name: "n", priority: "immediate" });
    createEffect(() => {}, { priority: -3 });
    expectTypeOf<EffectOptions["priority"]>().toEqualTypeOf<
      "immediate" | "user-blocking" | "normal" | "background" | number | undefined
    >();
    // @ts-expect-error there is no such priority
    expect(() => createEffect(() => {}, { priority: "urgent" })).toThrow(TypeError);
    // @ts-expect-error a function is missing
    expect(() => createEffect()).toThrow(TypeError);
    // @ts-expect-error a cleanup takes nothing
    createEffect(() => (n: number) => void n)();
  });

  it("batch, untracked, transaction and atomic hand the result's type through", () => {
    expectTypeOf(batch(() => 1)).toEqualTypeOf<number>();
    expectTypeOf(untracked(() => "s")).toEqualTypeOf<string>();
    expectTypeOf(transaction(() => true)).toEqualTypeOf<boolean>();
    expectTypeOf(atomic(() => null)).toEqualTypeOf<null>();
    expectTypeOf(transaction(async () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(flushSync).returns.toEqualTypeOf<void>();
    expectTypeOf(flushSync).parameters.toEqualTypeOf<[options?: FlushOptions]>();
    expectTypeOf(onCleanup).parameters.toEqualTypeOf<[fn: () => void]>();
    transaction((tx) => {
      const a = signal(1);
      tx.set(a, 2);
      expectTypeOf(tx.get(a)).toEqualTypeOf<number>();
      expectTypeOf(tx.get(computed(() => "s"))).toEqualTypeOf<string>();
      expectTypeOf(tx.run(() => 1n)).toEqualTypeOf<bigint>();
      // @ts-expect-error a string is no number
      tx.set(a, "2");
    });
  });

  it("configureScheduler and flushSync: options", () => {
    expectTypeOf(configureScheduler).toEqualTypeOf<(options: SchedulerOptions) => void>();
    expectTypeOf<SchedulerOptions["budgetMs"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<FlushOptions["upTo"]>().toEqualTypeOf<Priority | undefined>();
    configureScheduler({ budgetMs: null });
    flushSync({ upTo: "user-blocking" });
    flushSync({ upTo: -7 });
    // @ts-expect-error there is no such priority
    expect(() => flushSync({ upTo: "urgent" })).toThrow(TypeError);
    // @ts-expect-error a number, not its text
    expect(() => configureScheduler({ budgetMs: "5" })).toThrow(TypeError);
    // @ts-expect-error options are not left out
    expect(() => configureScheduler()).toThrow(TypeError);
  });

  it("errors are classes with a code", () => {
    expectTypeOf<SignalKernelError>().toExtend<Error>();
    expectTypeOf<SignalKernelError["code"]>().toEqualTypeOf<string>();
    expectTypeOf<CycleError>().toExtend<SignalKernelError>();
    expect(CycleError.prototype).toBeInstanceOf(SignalKernelError);
  });

  it("signals and computeds can be told apart and passed on by structure", () => {
    const read = <T>(source: { readonly get: () => T }): T => source.get();
    expectTypeOf(read(signal(1))).toEqualTypeOf<number>();
    expectTypeOf(read(computed(() => "s"))).toEqualTypeOf<string>();
    expectTypeOf<Signal<number>>().not.toExtend<Signal<string>>();
    expectTypeOf<Computed<1>>().toExtend<Computed<number>>();
  });
});
