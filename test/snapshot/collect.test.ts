/**
 * H1, by name: the nodes that are created with a name are in the snapshots of a scope.
 */
import {
  asyncComputed,
  createResource,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import {
  computed,
  createEffect,
  createScope,
  flushSync,
  type Signal,
  settled,
  signal,
} from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  restoreSnapshot,
  type SnapshotScope,
} from "@signal-kernel/snapshot";
import { describe, expect, it } from "vitest";

const ids = (scope: SnapshotScope) => scope.listRegistrations().map(({ id }) => id);
const kinds = (scope: SnapshotScope) =>
  scope
    .listRegistrations()
    .map(({ id, kind, options }) => [id, kind, "restore" in options && options.restore]);

function createGraph(calls: string[] = []) {
  const id = signal(1, { name: "id" });
  const hidden = signal(0);
  const title = computed(() => `#${id.get()}`, { name: "title" });
  const [user, userMeta] = createResource(
    id.get,
    async (n) => {
      calls.push("user");
      return { n };
    },
    { name: "user", eager: calls.length === 0 },
  );
  const [text, textMeta] = createStreamResource(
    id.get,
    (_id, { emit, done }) => {
      calls.push("text");
      emit("a");
      done();
    },
    { name: "text" },
  );
  return { id, hidden, title, user, userMeta, text, textMeta };
}

describe("collect", () => {
  it("registers what has a name, by its kind, and goes from a server to a client", async () => {
    const server = createSnapshotScope();
    const there = server.collect(() => createGraph());
    expect(kinds(server)).toEqual([
      ["id", "signal", false],
      ["title", "computed", false],
      ["user", "resource", "seed"],
      ["text", "stream", "stable-value"],
    ]);
    there.id.set(2);
    there.title.get();
    await settled();
    await there.textMeta.promise();
    const document = decodeJsonSnapshot(encodeJsonSnapshot(captureSnapshot(server)));
    expect(document.nodes[1]).toEqual({
      id: "title",
      kind: "computed",
      restore: "recompute",
      value: "#2",
    });

    const calls = ["none yet"];
    const client = createSnapshotScope();
    const here = client.collect(() => createGraph(calls));
    const report = restoreSnapshot(client, document);
    expect(report.restored).toEqual(["id", "user", "text"]);
    await settled();
    expect([here.id.get(), here.user(), here.text(), calls]).toEqual([
      2,
      { n: 2 },
      "a",
      ["none yet"],
    ]);
    for (const meta of [there, here].flatMap((graph) => [graph.userMeta, graph.textMeta]))
      meta.dispose();
  });

  it("returns what the function returns, and registers what it creates after an await", async () => {
    const scope = createSnapshotScope();
    const result = await scope.collect(async () => {
      signal(1, { name: "before" });
      await undefined;
      signal(2, { name: "after" });
      const inner = createScope();
      await inner.run(async () => {
        await undefined;
        signal(3, { name: "in a scope" });
      });
      inner.dispose();
      return "done";
    });
    expect([result, ids(scope)]).toEqual(["done", ["before", "after", "in a scope"]]);
    signal(4, { name: "too late" });
    expect(ids(scope)).toHaveLength(3);
  });

  it("takes nothing of code that runs meanwhile, of effects, and of unnamed nodes", async () => {
    const scope = createSnapshotScope();
    const trigger = signal(0);
    const end = createEffect(() => {
      trigger.get();
      signal(0, { name: "of a stranger's effect" });
    });
    const work = scope.collect(async () => {
      signal(0);
      createEffect(() => void signal(0, { name: "of an effect" }))();
      computed(() => signal(0, { name: "of a computed" }).get(), { name: "outer" }).get();
      trigger.set(1);
      flushSync();
      await undefined;
      signal(0, { name: "mine" });
    });
    signal(0, { name: "beside" });
    await work;
    end();
    expect(ids(scope)).toEqual(["outer", "mine"]);
  });

  it("collects inside an effect what that creates itself, and in the innermost of two", () => {
    const outer = createSnapshotScope();
    const inner = createSnapshotScope();
    createEffect(() => {
      outer.collect(() => {
        signal(0, { name: "a" });
        inner.collect(() => signal(0, { name: "b" }));
        signal(0, { name: "c" });
      });
    })();
    expect([ids(outer), ids(inner)]).toEqual([["a", "c"], ["b"]]);
  });

  it("knows every cell by its name, and does not seed what cannot be", () => {
    const scope = createSnapshotScope();
    const cells = scope.collect(() => [
      fromPromise(async () => 1, { name: "promise" }),
      asyncComputed(async () => 1, { name: "async" })[1],
    ]);
    expect(kinds(scope)).toEqual([
      ["promise", "resource", "seed"],
      ["async", "resource", "inspect-only"],
    ]);
    for (const cell of cells) cell.dispose();
  });
});

describe("names", () => {
  it("that two nodes have are an error where the second is created, and nothing is registered", () => {
    const scope = createSnapshotScope();
    let called = 0;
    const duplicate = (make: () => unknown) => () =>
      scope.collect(() => {
        signal(0, { name: "x" });
        make();
      });
    for (const make of [
      () => signal(0, { name: "x" }),
      () => computed(() => 0, { name: "x" }),
      () => fromPromise(async () => called++, { name: "x" }),
      () =>
        createResource(
          () => called++,
          async () => 0,
          { name: "x" },
        ),
    ])
      expect(duplicate(make)).toThrow(
        expect.objectContaining({
          code: "ERR_SK_SNAPSHOT_NODE",
          message: expect.stringContaining("Duplicate snapshot node id: x"),
        }),
      );
    expect([called, ids(scope)]).toEqual([0, []]);
  });

  it("get a prefix, are skipped, and are any text", () => {
    const scope = createSnapshotScope();
    scope.collect(
      () => {
        signal(0, { name: "__proto__" });
        signal(0, { name: "draft" });
      },
      { prefix: "a.", skip: ["draft"] },
    );
    scope.collect(() => computed(() => 0, { name: "__proto__" }), {
      skip: (_name, kind) => kind === "signal",
    });
    expect(ids(scope)).toEqual(["a.__proto__", "__proto__"]);
  });

  it("of what throws or rejects are taken back, and others stay", async () => {
    const scope = createSnapshotScope();
    scope.collect(() => signal(0, { name: "kept" }));
    const failing = () => {
      signal(0, { name: "gone" });
      throw new Error("mine");
    };
    expect(() => scope.collect(failing)).toThrow("mine");
    await expect(scope.collect(async () => failing())).rejects.toThrow("mine");
    expect(ids(scope)).toEqual(["kept"]);
  });
});

describe("what is registered by hand", () => {
  it("goes before, earlier or later, by id or by node", () => {
    const scope = createSnapshotScope();
    const mine = signal("mine");
    let token: Signal<string> | undefined;
    scope.signal("early", mine);
    scope.collect(() => {
      signal("other", { name: "early" });
      signal("other", { name: "late" });
      token = signal("secret", { name: "token" });
    });
    scope.signal("late", mine);
    scope.signal("t", { ...(token as Signal<string>) }, { redaction: "omit" });
    expect(ids(scope).sort()).toEqual(["early", "late", "t"]);
    expect(
      captureSnapshot(scope).nodes.map(({ id, ...node }) => [id, "value" in node && node.value]),
    ).toEqual([
      ["early", "mine"],
      ["late", "mine"],
    ]);
    expect(() => scope.signal("t", mine)).toThrow("Duplicate snapshot node id: t");
  });

  it("goes before for cells, too", async () => {
    const scope = createSnapshotScope();
    const [user, meta] = scope.collect(() =>
      createResource(
        () => 1,
        async () => 1,
        { name: "user" },
      ),
    );
    scope.resource("me", [user, meta], { restore: "reload" });
    expect(kinds(scope)).toEqual([["me", "resource", "reload"]]);
    meta.dispose();
  });
});

describe("what must not leak", () => {
  function secretGraph() {
    const token = signal("s3cret", { name: "token" });
    const unnamed = computed(() => `Bearer ${token.get()}`);
    const header = computed(() => [unnamed.get()], { name: "header" });
    const longer = computed(() => header.get().length, { name: "longer" });
    const other = computed(() => 1, { name: "other" });
    for (const node of [header, longer, other]) node.get();
    return { token, header, longer };
  }

  it.each([
    ["a list", { redact: ["token"] }],
    [
      "a function",
      { redact: (name: string) => (name === "token" ? ("omit" as const) : undefined) },
    ],
  ])(
    "by %s: not the node, and no computed that has read it, through others or not",
    (_how, options) => {
      const scope = createSnapshotScope();
      scope.collect(secretGraph, options);
      const text = encodeJsonSnapshot(captureSnapshot(scope));
      expect(text).not.toContain("s3cret");
      expect(JSON.parse(text).nodes).toEqual([
        { id: "header", kind: "computed", restore: "recompute", redacted: true },
        { id: "longer", kind: "computed", restore: "recompute", redacted: true },
        { id: "other", kind: "computed", restore: "recompute", value: 1 },
      ]);
    },
  );

  it("follows what a computed reads now, observed or not", () => {
    const scope = createSnapshotScope();
    const flag = signal(false, { name: "flag" });
    const { shown } = scope.collect(
      () => {
        const token = signal("s3cret", { name: "token" });
        return { shown: computed(() => (flag.get() ? token.get() : "-"), { name: "shown" }) };
      },
      { redact: ["token"] },
    );
    shown.get();
    expect(captureSnapshot(scope).nodes).toEqual([
      expect.objectContaining({ id: "shown", value: "-" }),
    ]);
    const end = createEffect(() => void shown.get());
    flag.set(true);
    expect(encodeJsonSnapshot(captureSnapshot(scope))).not.toContain("s3cret");
    end();
    flushSync();
    expect(encodeJsonSnapshot(captureSnapshot(scope))).not.toContain("s3cret");
  });

  it("masks, and a mask is not restored", () => {
    const scope = createSnapshotScope();
    const card = scope.collect(() => signal("4111 1111", { name: "card" }), {
      redact: () => ({ redact: (value) => String(value).slice(-4) }),
    });
    const document = captureSnapshot(scope);
    expect(document.nodes).toEqual([{ id: "card", kind: "signal", value: "1111", redacted: true }]);
    card.set("5222 2222");
    restoreSnapshot(scope, document);
    expect(card.get()).toBe("5222 2222");
  });

  it("a name to be redacted that no node has is an error: misspelt, it would leak", () => {
    const scope = createSnapshotScope();
    expect(() => scope.collect(secretGraph, { redact: ["tokens"] })).toThrow(
      expect.objectContaining({
        code: "ERR_SK_SNAPSHOT_NODE",
        message: expect.stringContaining("tokens"),
      }),
    );
    expect(ids(scope)).toEqual([]);
  });
});

describe("computeds", () => {
  it("are not evaluated for a snapshot, and those that fail or are no JSON have no value", () => {
    const scope = createSnapshotScope();
    let runs = 0;
    const { fails, map } = scope.collect(() => ({
      lazy: computed(() => runs++, { name: "lazy" }),
      map: computed(() => new Map(), { name: "map" }),
      fails: computed(
        () => {
          throw new Error("no");
        },
        { name: "fails" },
      ),
    }));
    map.get();
    expect(() => fails.get()).toThrow();
    const { nodes } = captureSnapshot(scope);
    expect(nodes.map((node) => "value" in node)).toEqual([false, false, false]);
    expect(runs).toBe(0);
  });
});

describe("bad arguments", () => {
  it.each([null, { prefix: 1 }, { skip: "x" }, { skip: [1] }, { redact: {} }])(
    "options %j are refused",
    (options) => {
      let called = false;
      const scope = createSnapshotScope();
      expect(() =>
        scope.collect(() => {
          called = true;
        }, options as never),
      ).toThrow(expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }));
      expect(called).toBe(false);
    },
  );

  it("a policy that is none is refused where the node is created, and so is what is no function", () => {
    const scope = createSnapshotScope();
    const make = () => signal(0, { name: "x" });
    expect(() => scope.collect(make, { redact: () => "hide" as never })).toThrow(TypeError);
    expect(ids(scope)).toEqual([]);
    expect(() => scope.collect(1 as never)).toThrow(TypeError);
    signal(0, { name: "x" });
    expect(ids(scope)).toEqual([]);
  });
});
