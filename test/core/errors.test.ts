/** The section "Errors": typed, with a stable code, a message that says what to do, and names. */
import * as core from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";
import { thrownBy } from "../helpers/uncaught.js";

const { signal, computed, createEffect, flushSync } = core;

describe("Errors", () => {
  const classes = [
    ["CycleError", "ERR_SK_CYCLE"],
    ["WriteInComputedError", "ERR_SK_WRITE_IN_COMPUTED"],
    ["EffectLoopError", "ERR_SK_EFFECT_LOOP"],
    ["DisposedError", "ERR_SK_DISPOSED"],
    ["OutOfMemoryError", "ERR_SK_OUT_OF_MEMORY"],
    ["LimitError", "ERR_SK_LIMIT"],
    ["EngineLoadError", "ERR_SK_LOAD"],
    ["AbiMismatchError", "ERR_SK_ABI"],
  ] as const;

  it.each(classes)("%s extends SignalKernelError, which extends Error", (name) => {
    expect(core[name].prototype).toBeInstanceOf(core.SignalKernelError);
    expect(core.SignalKernelError.prototype).toBeInstanceOf(Error);
    expect(core[name].name).toBe(name);
  });

  const raised = (): [name: string, code: string, error: unknown, nodes: string[]][] => {
    const loop = computed((): number => loop.get(), { name: "loop" }) as core.Computed<number>;
    const target = signal(0, { name: "target" });
    const writer = computed(() => target.set(1), { name: "writer" });
    const counter = signal(0);
    createEffect(() => void (counter.get() > 0 && counter.set(counter.get() + 1)), {
      name: "runaway",
    });
    counter.set(1);
    return [
      ["CycleError", "ERR_SK_CYCLE", thrownBy(loop.get), ["loop"]],
      [
        "WriteInComputedError",
        "ERR_SK_WRITE_IN_COMPUTED",
        thrownBy(writer.get),
        ["target", "writer"],
      ],
      ["EffectLoopError", "ERR_SK_EFFECT_LOOP", thrownBy(flushSync), ["runaway"]],
    ];
  };

  it("that user code can cause are of their class, with name, code, stack and the nodes' names", () => {
    for (const [name, code, error, nodes] of raised()) {
      expect(error).toBeInstanceOf(core[name as "CycleError"]);
      expect(error).toBeInstanceOf(core.SignalKernelError);
      expect(error).toMatchObject({ name, code });
      expect((error as Error).stack).toContain(name);
      expect(Object.keys(error as object)).not.toContain("message");
      for (const node of nodes) expect((error as Error).message).toContain(node);
    }
  });

  it("say what happened and what to do, in whole sentences", () => {
    for (const [, , error] of raised()) {
      const { message } = error as Error;
      expect(message.split(/[.;] /).length).toBeGreaterThan(1);
      expect(message).toMatch(/\.$/);
    }
  });

  it("never show values", () => {
    const secret = signal("hunter2", { name: "password" });
    const c = computed(() => secret.set("hunter3"), { name: "c" });
    expect((thrownBy(c.get) as Error).message).not.toMatch(/hunter/);
    expect((thrownBy(() => signal(0, "hunter4" as never)) as Error).message).not.toMatch(/hunter/);
  });

  it("of nodes without a name still read well", () => {
    const c = computed((): number => c.get()) as core.Computed<number>;
    expect((thrownBy(c.get) as Error).message).not.toMatch(/undefined|null|NaN|\[object/);
    const target = signal(0);
    expect((thrownBy(computed(() => target.set(1)).get) as Error).message).not.toMatch(
      /undefined|null|NaN/,
    );
  });
});

forEachEngine("Errors of arguments", (api) => {
  const NO_FUNCTIONS = [
    undefined,
    null,
    0,
    Number.NaN,
    1n,
    "fn",
    Symbol("s"),
    {},
    [],
    new Proxy({}, {}),
  ];

  function refused(fn: () => unknown, argument: RegExp): void {
    const error = thrownBy(fn);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: "ERR_SK_INVALID_ARG" });
    expect((error as Error).message).toMatch(argument);
  }

  it("are TypeErrors at the call that name the argument: functions", () => {
    for (const bad of NO_FUNCTIONS as never[]) {
      refused(() => api.computed(bad), /"fn"/);
      refused(() => api.createEffect(bad), /"fn"/);
      refused(() => api.batch(bad), /"fn"/);
      refused(() => api.untracked(bad), /"fn"/);
      refused(() => api.transaction(bad), /"fn"/);
      refused(() => api.atomic(bad), /"fn"/);
      refused(() => api.onCleanup(bad), /"fn"/);
      refused(() => api.createEffect(() => api.onCleanup(bad)), /"fn"/);
      refused(() => api.signal(0).subscribe(bad), /"listener"/);
    }
  });

  it("are TypeErrors at the call that name the argument: equals and options", () => {
    for (const bad of [null, 0, 1n, "fn", true, Symbol("s")] as never[]) {
      refused(() => api.signal(0, bad), /equals/);
      refused(() => api.computed(() => 0, bad), /equals/);
      refused(() => api.signal(0, { equals: bad }), /equals/);
      refused(() => api.computed(() => 0, { equals: bad }), /equals/);
      refused(() => api.createEffect(() => {}, bad), /"options"/);
    }
    for (const bad of [null, 0, 1n, {}, Symbol("s")] as never[]) {
      refused(() => api.signal(0, { name: bad }), /name/);
      refused(() => api.computed(() => 0, { name: bad }), /name/);
      refused(() => api.createEffect(() => {}, { name: bad }), /name/);
    }
    for (const bad of ["urgent", 1.5, Number.NaN, Infinity, 1n, {}] as never[])
      refused(() => api.createEffect(() => {}, { priority: bad }), /priority/);
  });

  it("change nothing: a refused createEffect never runs", () => {
    let runs = 0;
    expect(() => api.createEffect(() => void runs++, { priority: "no" as never })).toThrow(
      TypeError,
    );
    expect(runs).toBe(0);
  });

  it("do not concern undefined options, and options that are undefined", () => {
    expect(api.signal(1, undefined).get()).toBe(1);
    expect(api.signal(1, {}).get()).toBe(1);
    expect(api.signal(1, { equals: undefined, name: undefined }).get()).toBe(1);
    expect(api.computed(() => 1, { equals: undefined }).get()).toBe(1);
    api.createEffect(() => {}, {})();
    api.createEffect(() => {}, { name: undefined, priority: undefined })();
  });
});
