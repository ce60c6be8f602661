import {
  asyncComputed,
  createResource,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  diffSnapshots,
  restoreSnapshot,
  type SnapshotDocument,
  type SnapshotNode,
} from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";
import { page, quiet, refusal } from "./support.js";

function documentOf(...nodes: SnapshotNode[]): SnapshotDocument {
  return {
    schema: "signal-kernel.snapshot.v1",
    createdAt: 1,
    graph: { id: "default", version: "0.0.0" },
    nodes,
  };
}

const value = (id: string, value: SnapshotNode["value" & keyof SnapshotNode]): SnapshotNode =>
  ({ id, kind: "signal", value }) as SnapshotNode;

describe("H1: the published document", () => {
  test("has graph, time, metadata and a node for each registration, in their order", () => {
    const failed: [() => undefined, object] = [() => undefined, {}];
    Object.assign(failed[1], { status: () => "error", error: () => new TypeError("boom") });
    const scope = createSnapshotScope({
      graphId: "g",
      graphVersion: "2",
      instanceId: "i",
      now: () => 5,
    })
      .signal("a", signal({ list: [1] }))
      .computed(
        "c",
        computed(() => 2),
      )
      .computed(
        "d",
        computed(() => 2),
        { captureValue: false },
      )
      .resource("r", failed as never, { sourceKey: ["x"] });
    expect(captureSnapshot(scope, { metadata: { k: 1 } })).toEqual({
      createdAt: 5,
      graph: { id: "g", version: "2", instanceId: "i" },
      metadata: { k: 1 },
      nodes: [
        { id: "a", kind: "signal", value: { list: [1] } },
        { id: "c", kind: "computed", restore: "recompute", value: 2 },
        { id: "d", kind: "computed", restore: "recompute" },
        {
          id: "r",
          kind: "resource",
          restore: "inspect-only",
          status: "error",
          sourceKey: ["x"],
          error: { name: "TypeError", message: "boom" },
        },
      ],
      schema: "signal-kernel.snapshot.v1",
    });
  });

  test("is a copy, and a restore copies again", () => {
    const live = { list: [1] };
    const a = signal(live);
    const scope = createSnapshotScope().signal("a", a);
    const document = captureSnapshot(scope);
    live.list.push(2);
    expect(document.nodes).toEqual([value("a", { list: [1] })]);
    restoreSnapshot(scope, document);
    a.peek().list.push(3);
    expect(document.nodes).toEqual([value("a", { list: [1] })]);
  });

  test("a capture tracks nothing", () => {
    const a = signal(1);
    const scope = createSnapshotScope()
      .signal("a", a)
      .computed(
        "c",
        computed(() => a.get()),
      );
    let runs = 0;
    createEffect(() => {
      runs++;
      captureSnapshot(scope);
    });
    a.set(2);
    flushSync();
    expect(runs).toBe(1);
  });

  test("a difference names what was added, removed and changed, in whatever order keys are", () => {
    const before = documentOf(
      value("same", { a: 1, b: 2 }),
      value("old", 1),
      value("changed", [1]),
    );
    const after = documentOf(value("same", { b: 2, a: 1 }), value("changed", [2]), value("new", 1));
    expect(diffSnapshots(before, after)).toEqual({
      added: [{ id: "new", kind: "signal", after: value("new", 1) }],
      changed: [
        {
          id: "changed",
          kind: "signal",
          before: value("changed", [1]),
          after: value("changed", [2]),
        },
      ],
      removed: [{ id: "old", kind: "signal", before: value("old", 1) }],
    });
  });
});

describe("H1: strict and best-effort", () => {
  const build = () => {
    const a = signal(0);
    return { a, scope: createSnapshotScope().signal("a", a) };
  };
  const misfits: [string, SnapshotDocument, string][] = [
    [
      "another graph",
      { ...documentOf(value("a", 1)), graph: { id: "x", version: "0.0.0" } },
      "GRAPH",
    ],
    [
      "another version",
      { ...documentOf(value("a", 1)), graph: { id: "default", version: "9" } },
      "GRAPH",
    ],
    ["an unknown node", documentOf(value("a", 1), value("z", 1)), "NODE"],
    [
      "another kind",
      documentOf(value("a", 1), { id: "a2", kind: "computed", restore: "recompute" }),
      "NODE",
    ],
  ];
  test.each(misfits)("%s is refused, or left out with a warning", (_title, document, code) => {
    const { a, scope } = build();
    scope.signal("a2", signal(0));
    const error = refusal(() => restoreSnapshot(scope, document));
    expect(error.code).toBe(`ERR_SK_SNAPSHOT_${code}`);
    expect(error.path).toMatch(/^\$\.(graph|nodes\[1\])$/);
    expect(a.peek()).toBe(0);
    const { restored, warnings } = restoreSnapshot(scope, document, { mode: "best-effort" });
    expect([restored, warnings.length, a.peek()]).toEqual([["a"], 1, 1]);
  });

  test("a node that cannot be decoded is left out of a best effort, and its error is not quoted", () => {
    const { a, scope } = build();
    const bad = signal("kept");
    const decode = () => {
      throw new Error("secret value");
    };
    scope.signal("bad", bad, { serializer: { encode: String, decode } });
    const document = documentOf(value("a", 1), value("bad", "x"));
    expect(() => restoreSnapshot(scope, document)).toThrow("secret value");
    expect(a.peek()).toBe(0);
    expect(restoreSnapshot(scope, document, { mode: "best-effort" })).toEqual({
      restored: ["a"],
      skipped: ["bad"],
      warnings: ["Snapshot node bad could not be decoded"],
    });
    expect([a.peek(), bad.peek()]).toEqual([1, "kept"]);
  });
});

describe("H1: a restore is one transaction", () => {
  test("observers run once, and see everything", () => {
    const a = signal(0);
    const b = signal(0);
    const sum = computed(() => a.get() + b.get());
    const seen: number[] = [];
    createEffect(() => {
      seen.push(a.get() + b.get(), sum.get());
    });
    const scope = createSnapshotScope().signal("a", a).signal("b", b).computed("sum", sum);
    const report = restoreSnapshot(scope, documentOf(value("a", 1), value("b", 2)));
    expect([seen, report.restored]).toEqual([
      [0, 0, 3, 3],
      ["a", "b"],
    ]);
  });

  test("an equals or a computed that throws takes back signals and cells", async () => {
    for (const fault of ["equals", "computed"] as const) {
      const a = signal(0);
      const cell = fromPromise(async () => "own");
      await quiet();
      const before = cell.state();
      let armed = false;
      const b = signal(0, {
        equals: (x, y) => {
          if (armed && fault === "equals") throw new RangeError("equals");
          return x === y;
        },
      });
      const strict = computed(() => {
        if (armed && b.get() > 0 && fault === "computed") throw new RangeError("computed");
        return b.get();
      });
      const seen: unknown[] = [];
      createEffect(() => {
        /* The first thing that it reads decides whether it runs. */
        seen.push([strict.get(), a.get(), cell.value()]);
      });
      const scope = createSnapshotScope()
        .signal("a", a)
        .resource("cell", [cell.value, cell], { restore: "seed" })
        .signal("b", b);
      armed = true;
      const document = documentOf(
        value("a", 1),
        {
          id: "cell",
          kind: "resource",
          restore: "seed",
          status: "success",
          value: "other",
          version: 9,
          updatedAt: 1,
        },
        value("b", 2),
      );
      expect(() => restoreSnapshot(scope, document)).toThrow(RangeError);
      armed = false;
      expect(cell.state()).toEqual(before);
      expect([a.peek(), b.peek(), cell.value(), seen]).toEqual([0, 0, "own", [[0, 0, "own"]]]);
      await cell.reload();
      expect(cell.version()).toBe(2);
    }
  });

  test("inside a transaction signals are part of it, and cells are refused", () => {
    const a = signal(0);
    const scope = createSnapshotScope().signal("a", a);
    expect(() =>
      transaction(() => {
        restoreSnapshot(scope, documentOf(value("a", 1)));
        throw new Error("back");
      }),
    ).toThrow("back");
    expect(a.peek()).toBe(0);
    const { scope: target } = page(false);
    const document = {
      ...documentOf({
        id: "user",
        kind: "resource",
        restore: "seed",
        status: "success",
        value: "x",
        version: 1,
      } as SnapshotNode),
      graph: { id: "page", version: "1" },
    };
    const error = refusal(() => transaction(() => void restoreSnapshot(target, document)));
    expect(error.code).toBe("ERR_SK_SNAPSHOT_STATE");
  });

  test("in a batch a changed source is still taken for the one of the state", async () => {
    const { scope, id, user, userMeta, calls } = page(false);
    const document = {
      ...documentOf(value("id", 4), {
        id: "user",
        kind: "resource",
        restore: "seed",
        status: "success",
        value: "u4",
        version: 3,
      } as SnapshotNode),
      graph: { id: "page", version: "1" },
    };
    batch(() => restoreSnapshot(scope, document));
    expect([user(), userMeta.status(), calls]).toEqual(["u4", "success", []]);
    await quiet();
    expect(calls.filter((call) => call.startsWith("user"))).toEqual([]);
    id.set(5);
    flushSync();
    expect(calls).toContain("user 5");
  });

  test("what an effect throws is thrown with everything restored", () => {
    const a = signal(0);
    createEffect(() => {
      if (a.get() === 1) throw new EvalError("effect");
    });
    const scope = createSnapshotScope().signal("a", a);
    expect(() => restoreSnapshot(scope, documentOf(value("a", 1)))).toThrow(EvalError);
    expect(a.peek()).toBe(1);
  });
});

describe("H1: cells take their state over", () => {
  const resource = (rest: object): SnapshotNode =>
    ({ id: "cell", kind: "resource", restore: "seed", status: "success", ...rest }) as SnapshotNode;

  test("a success, with version and time; promise(), state() and watchers know it", async () => {
    const cell = fromPromise({ run: async (_input: string) => "never" });
    const scope = createSnapshotScope().resource("cell", [cell.value, cell], { restore: "seed" });
    const next = cell.promise();
    const watched: unknown[] = [];
    cell.subscribe((shown) => watched.push(shown));
    restoreSnapshot(scope, documentOf(resource({ value: "v", version: 7, updatedAt: 123 })));
    expect(cell.state()).toEqual({
      status: "success",
      value: "v",
      error: undefined,
      refreshing: false,
      stale: false,
      version: 7,
      updatedAt: 123,
    });
    expect([await next, await cell.promise(), watched]).toEqual(["v", "v", ["v"]]);
    cell.dispose();
  });

  test("an error is an Error again, with the value that was there", async () => {
    const cell = fromPromise({ run: async (_input: string) => "never" });
    const scope = createSnapshotScope().resource("cell", [cell.value, cell], { restore: "seed" });
    const error = { name: "HttpError", message: "503" };
    restoreSnapshot(
      scope,
      documentOf(resource({ status: "error", value: "old", error, version: 2 })),
    );
    expect(cell.error()).toBeInstanceOf(Error);
    expect(String(cell.error())).toBe("HttpError: 503");
    expect(cell.state()).toMatchObject({ status: "error", value: "old", stale: true, version: 2 });
    await expect(cell.promise()).rejects.toThrow("503");
    expect(captureSnapshot(scope).nodes[0]).toMatchObject({ error, status: "error", version: 2 });
  });

  test("a run in flight is aborted with the reason restore, and told so once", async () => {
    const events: string[] = [];
    let settle = (_value: string) => {};
    let aborted: unknown;
    const cell = fromPromise<string>(
      ({ signal }) => {
        signal.addEventListener("abort", () => {
          aborted = signal.reason;
        });
        return new Promise((resolve) => {
          settle = resolve;
        });
      },
      { onEvent: ({ type }) => events.push(type) },
    );
    const scope = createSnapshotScope().resource("cell", [cell.value, cell], { restore: "seed" });
    restoreSnapshot(scope, documentOf(resource({ value: "v", version: 1 })));
    settle("late");
    await quiet();
    expect([aborted, cell.value(), cell.version(), events]).toEqual([
      "restore",
      "v",
      1,
      ["start", "cancel"],
    ]);
  });

  test("an optimistic value is neither captured nor left over", async () => {
    const cell = fromPromise({
      run: (_input: string) => new Promise<string>(() => {}),
      initialValue: "base",
    });
    const scope = createSnapshotScope().resource("cell", [cell.value, cell], { restore: "seed" });
    void cell.mutate("x", { optimistic: "shown" });
    expect(cell.value()).toBe("shown");
    expect(captureSnapshot(scope).nodes[0]).toMatchObject({ value: "base" });
    restoreSnapshot(scope, documentOf(resource({ value: "v", version: 1 })));
    expect(cell.value()).toBe("v");
  });

  test("runs in parallel and runs that wait end, too", async () => {
    for (const concurrency of ["parallel", "queue"] as const) {
      const gates: ((value: string) => void)[] = [];
      const run = (_input: string) => new Promise<string>((resolve) => gates.push(resolve));
      const cell = fromPromise({ run, concurrency });
      const scope = createSnapshotScope().resource("cell", [cell.value, cell], { restore: "seed" });
      const runs = [cell.run("x"), cell.run("x")];
      restoreSnapshot(scope, documentOf(resource({ value: "v", version: 1 })));
      for (const open of gates) open("late");
      expect(await Promise.all(runs)).toEqual([undefined, undefined]);
      await quiet();
      expect([cell.value(), cell.status()]).toEqual(["v", "success"]);
      void cell.run("x");
      gates.at(-1)?.("next");
      await quiet();
      expect([cell.value(), cell.version() > 1]).toEqual(["next", true]);
    }
  });

  test("a stream takes its stable value, not the half of a later one", async () => {
    const [text, meta] = createStreamResource(
      () => 1,
      () => {},
    );
    const scope = createSnapshotScope().stream("text", [text, meta], { restore: "stable-value" });
    restoreSnapshot(
      scope,
      documentOf({
        id: "text",
        kind: "stream",
        restore: "stable-value",
        status: "streaming",
        value: "stable and ha",
        stableValue: "stable",
        version: 3,
      }),
    );
    await quiet();
    expect([text(), meta.stableValue(), meta.status(), meta.version()]).toEqual([
      "stable",
      "stable",
      "idle",
      3,
    ]);
  });

  test("an async computed cannot be seeded, and is loaded again when that is asked", async () => {
    let runs = 0;
    const source = signal(1);
    const [shown, meta] = asyncComputed(async ({ get }) => {
      runs++;
      return get(source) * 10;
    });
    await quiet();
    const error = refusal(() =>
      createSnapshotScope().resource("cell", [shown, meta], { restore: "seed" }),
    );
    expect(error.message).toContain("async computed");
    const scope = createSnapshotScope()
      .signal("source", source)
      .resource("cell", [shown, meta], { restore: "reload" });
    const node = { ...resource({ value: 99, version: 5 }), restore: "reload" } as SnapshotNode;
    restoreSnapshot(scope, documentOf(value("source", 2), node));
    await quiet();
    expect([shown(), runs]).toEqual([20, 2]);
  });

  test("what is no cell, is disposed, or belongs to another source is left as it is", () => {
    const foreign = [() => 1, { status: () => "success", error: () => undefined }] as const;
    const cell = fromPromise({ run: async () => 1 });
    cell.dispose();
    const [user, meta] = createResource(
      () => 1,
      async () => "own",
      { eager: false },
    );
    const scope = createSnapshotScope()
      .resource("foreign", foreign, { restore: "seed" })
      .resource("gone", [cell.value, cell], { restore: "seed" })
      .resource("keyed", [user, meta], { restore: "seed", sourceKey: { a: 1, b: 2 } });
    const nodes = ["foreign", "gone", "keyed"].map((id) => ({
      ...resource({ value: "v", version: 1, sourceKey: { b: 2, a: id === "keyed" ? 9 : 1 } }),
      id,
    })) as SnapshotNode[];
    const report = restoreSnapshot(scope, documentOf(...nodes), { mode: "best-effort" });
    expect(report.skipped).toEqual(["foreign", "gone", "keyed"]);
    expect(report.warnings).toHaveLength(3);
    expect(user()).toBeUndefined();
    expect(refusal(() => restoreSnapshot(scope, documentOf(...nodes))).path).toBe("$.nodes[2]");
  });
});
