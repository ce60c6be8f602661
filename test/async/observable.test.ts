/**
 * What programs written for the published packages can observe.
 */
import {
  asyncSignal,
  createKeyedRevision,
  createResource,
  createRevision,
  createStreamResource,
  fromPromise,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { createEffect, onCleanup, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { deferred, fetcher, quiet, thenable } from "./support.js";

const invalid = expect.objectContaining({ code: "ERR_SK_INVALID_ARG" });

describe("own enumerable keys", () => {
  const keysOf = (target: object) => Object.keys(target).sort();
  const resourceKeys = ["cancel", "error", "keepPreviousValueOnPending", "reload", "run", "status"];

  test("of fromPromise", () => {
    const keys = ["cancel", "error", "reload", "run", "status", "value"];
    expect(keysOf(fromPromise(async () => 1))).toEqual(keys);
    expect(keysOf(fromPromise({ run: async () => 1 }))).toEqual(keys);
  });

  test("of asyncSignal and resource metas", () => {
    expect(keysOf(asyncSignal(async () => 1)[1])).toEqual(resourceKeys);
    expect(
      keysOf(
        createResource(
          () => 1,
          async () => 1,
        )[1],
      ),
    ).toEqual(resourceKeys);
    expect(keysOf(createResource({ run: async () => 1 })[1])).toEqual(resourceKeys);
    expect(keysOf(createResource({ trigger: "manual", run: async () => 1 })[1])).toEqual(
      resourceKeys,
    );
  });

  test("of stream metas", () => {
    const keys = ["cancel", "dispose", "error", "reload", "stableValue", "status"];
    expect(
      keysOf(
        createStreamResource(
          () => 1,
          () => {},
        )[1],
      ),
    ).toEqual(keys);
  });

  test("of revisions", () => {
    expect(keysOf(createRevision())).toEqual(["get", "invalidate", "peek"]);
    expect(keysOf(createKeyedRevision())).toEqual(["get", "invalidate", "peek", "target"]);
    expect(keysOf(createKeyedRevision().target(1))).toEqual(["invalidate"]);
  });

  test("dispose is there, and not among them", () => {
    expect(fromPromise(async () => 1).dispose).toBeTypeOf("function");
    expect(
      createResource(
        () => 1,
        async () => 1,
      )[1].dispose,
    ).toBeTypeOf("function");
  });
});

describe("methods work detached", () => {
  test("of cells, metas and revisions", async () => {
    const { value, status, error, reload, run, cancel, dispose } = fromPromise(async () => 1);
    expect([await reload(), await run(), value(), status(), error()]).toEqual([
      1,
      1,
      1,
      "success",
      undefined,
    ]);
    cancel();
    dispose();
    const { get, peek, invalidate } = createRevision();
    invalidate();
    expect([get(), peek()]).toEqual([1, 1]);
  });

  test("of stream contexts: next: ctx.emit, complete: ctx.done", async () => {
    const [value, meta] = createStreamResource(
      () => 1,
      (
        _input,
        { emit, set, done, fail, isCancelled, onCleanup }: StreamContext<string, string>,
      ) => {
        const observer = { next: emit, replace: set, complete: done, error: fail };
        onCleanup(() => {});
        observer.next("a");
        if (!isCancelled()) observer.complete();
      },
    );
    await quiet();
    expect([value(), meta.status()]).toEqual(["a", "success"]);
  });
});

describe("timing", () => {
  test("function forms are pending on return, unless eager: false", () => {
    const never = () => new Promise(() => {});
    expect(fromPromise(never).status()).toBe("pending");
    expect(asyncSignal(never)[1].status()).toBe("pending");
    expect(createResource(() => 1, never)[1].status()).toBe("pending");
    expect(fromPromise(never, { eager: false }).status()).toBe("idle");
    expect(asyncSignal(never, { eager: false })[1].status()).toBe("idle");
    expect(createResource(() => 1, never, { eager: false })[1].status()).toBe("idle");
  });

  test("descriptor forms are lazy, unless eager with an initialInput", () => {
    const run = () => new Promise(() => {});
    expect(fromPromise({ run }).status()).toBe("idle");
    expect(fromPromise({ run, eager: true }).status()).toBe("idle");
    expect(fromPromise({ run, eager: true, initialInput: undefined }).status()).toBe("pending");
    expect(asyncSignal({ run, eager: true, initialInput: 1 })[1].status()).toBe("pending");
  });

  test("the producer of a function form is called before it returns, with then attached", async () => {
    let attached = false;
    const pending = deferred<number>();
    const cell = fromPromise(() =>
      thenable((ok: (value: unknown) => void, no: (error: unknown) => void) => {
        attached = true;
        return pending.promise.then(ok, no);
      }),
    );
    expect(attached).toBe(true);
    pending.resolve(1);
    await null;
    expect(cell.value()).toBe(1);
  });

  test("a plain set has run its effects after one await", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    createResource(id.get, fetch);
    id.set(2);
    await Promise.resolve();
    expect(inputs).toEqual([1, 2]);
  });
});

describe("cancel", () => {
  test("acts only while a run is in flight", async () => {
    const { make, call } = fetcher();
    const idle = fromPromise(make, { eager: false });
    idle.cancel();
    expect(idle.status()).toBe("idle");
    const cell = fromPromise(make);
    call(1).resolve(1);
    await quiet();
    cell.cancel();
    expect(cell.status()).toBe("success");
  });

  test("cancelled survives a late settlement", async () => {
    for (const settle of ["resolve", "reject"] as const) {
      const { make, call } = fetcher();
      const cell = fromPromise(make);
      cell.cancel();
      call(1)[settle]("late");
      await quiet();
      expect([cell.status(), cell.value(), cell.error()]).toEqual([
        "cancelled",
        undefined,
        undefined,
      ]);
    }
  });
});

describe("missing functions and bad arguments", () => {
  const absent = undefined as never;

  test("createResource requires a fetcher function", () => {
    const message = "createResource requires a fetcher function";
    const error = expect.objectContaining({ name: "TypeError", message });
    expect(() => createResource(() => 1, absent)).toThrow(error);
    expect(() => createResource({} as never)).toThrow(error);
    expect(() => createResource({ trigger: "manual" } as never)).toThrow(error);
    expect(() => createResource(absent, absent)).toThrow(error);
    expect(() => createResource(() => 1, absent)).toThrow(invalid);
  });

  test("createStreamResource requires a streamer function", () => {
    const message = "createStreamResource requires a streamer function";
    const error = expect.objectContaining({ name: "TypeError", message });
    expect(() => createStreamResource(() => 1, absent)).toThrow(error);
    expect(() => createStreamResource({} as never)).toThrow(error);
  });

  test("a signal in the place of its get is named", () => {
    const id = signal(1) as never;
    const error = expect.objectContaining({
      name: "TypeError",
      message: expect.stringContaining('"source" must be a function, such as the get of a signal'),
    });
    expect(() => createResource(id, async () => 1)).toThrow(error);
    expect(() => createStreamResource(id, async () => 1)).toThrow(error);
  });

  test.each<[string, () => unknown]>([
    ["makePromise", () => fromPromise(absent)],
    ["makePromise", () => asyncSignal(5 as never)],
    ["run", () => fromPromise({} as never)],
    ["run", () => fromPromise({ run: 1 } as never)],
    ["source", () => createResource(1 as never, async () => 1)],
    ["source", () => createStreamResource(null as never, () => {})],
    ["input", () => createResource({ input: 1, run: () => 1 } as never)],
    ["observe", () => createResource({ observe: [1], run: () => 1 } as never)],
    ["trigger", () => createResource({ trigger: "often", run: () => 1 } as never)],
    [
      "invalidates",
      () => createResource({ trigger: "manual", run: () => 1, invalidates: 1 } as never),
    ],
    ["options", () => fromPromise(async () => 1, null as never)],
    ["eager", () => fromPromise(async () => 1, { eager: "yes" as never })],
    ["onEvent", () => fromPromise(async () => 1, { onEvent: 1 as never })],
    [
      "keepPreviousValueOnPending",
      () => asyncSignal(async () => 1, { keepPreviousValueOnPending: 1 as never }),
    ],
    [
      "onCancel",
      () =>
        createStreamResource(
          () => 1,
          () => {},
          { onCancel: "keep" as never },
        ),
    ],
    [
      "onErrorEffect",
      () =>
        createStreamResource(
          () => 1,
          () => {},
          { onErrorEffect: 1 as never },
        ),
    ],
    [
      "reduce",
      () =>
        createStreamResource(
          () => 1,
          () => {},
          { reduce: 1 as never },
        ),
    ],
    ["initial", () => createRevision("1" as never)],
    ["initial", () => createRevision(Number.NaN)],
    ["initial", () => createRevision(2 ** 53)],
  ])("a bad %s is a TypeError that names it", (name, call) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(invalid);
    expect(call).toThrow(name);
  });

  test("an inherited option is no option", async () => {
    const polluted = Object.prototype as Record<string, unknown>;
    polluted.eager = false;
    polluted.onEvent = 1;
    try {
      expect(fromPromise(async () => 1, {}).status()).toBe("pending");
    } finally {
      delete polluted.eager;
      delete polluted.onEvent;
    }
  });
});

describe("onCleanup outside a run", () => {
  test("is a silent no-op, also in a producer that was not started by an effect", () => {
    let cleaned = 0;
    const cell = fromPromise(
      () => {
        onCleanup(() => cleaned++);
      },
      { eager: false },
    );
    cell.reload();
    cell.reload();
    cell.dispose();
    expect(cleaned).toBe(0);
  });
});

test("an observer of two cells never sees one half of a change", async () => {
  const id = signal(1);
  const a = fetcher<number>();
  const b = fetcher<number>();
  const [, first] = createResource(id.get, a.fetch);
  const [, second] = createResource(id.get, b.fetch);
  const seen: unknown[] = [];
  createEffect(() => {
    seen.push([id.get(), first.status(), second.status()]);
  });
  a.call(1).resolve(1);
  b.call(1).resolve(1);
  await quiet();
  id.set(2);
  await quiet();
  expect(seen.at(-1)).toEqual([2, "pending", "pending"]);
  expect(seen).not.toContainEqual([2, "success", "success"]);
});
