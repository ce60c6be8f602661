/** H3: what is no document, no plain data or no option is refused, with its place, and changes nothing. */
import { createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import {
  assertJsonValue,
  assertSnapshotDocument,
  captureSnapshot,
  cloneJsonValue,
  createSnapshotScope,
  decodeJsonSnapshot,
  diffSnapshots,
  encodeJsonSnapshot,
  restoreSnapshot,
  richSerializer,
  type SnapshotDocument,
  toScript,
} from "@signal-kernel/snapshot";
import * as devalue from "devalue";
import { describe, expect, test } from "vitest";
import { quiet, refusal } from "./support.js";

const CELL = { id: "r", kind: "resource", restore: "seed", status: "success", value: 1 };
const good = {
  schema: "signal-kernel.snapshot.v1",
  createdAt: 1,
  graph: { id: "default", version: "0.0.0" },
  nodes: [{ id: "s", kind: "signal", value: 2 }, CELL],
};
/** The good document with another node at place 1. */
const withCell = (changes: object) => ({
  ...good,
  nodes: [good.nodes[0], { ...CELL, ...changes }],
});

describe("H3: what is no document", () => {
  const s = signal(1);
  const cell = fromPromise({ run: async () => 0 });
  const scope = createSnapshotScope()
    .signal("s", s)
    .resource("r", [cell.value, cell], { restore: "seed" });
  const cases: [string, unknown, path: string][] = [
    ["null", null, "$"],
    ["a list", [good], "$"],
    ["another schema", { ...good, schema: "v2" }, "$.schema"],
    ["a time that is text", { ...good, createdAt: "now" }, "$.createdAt"],
    ["a graph that is text", { ...good, graph: "g" }, "$.graph"],
    ["a graph without a version", { ...good, graph: { id: "g" } }, "$.graph.version"],
    [
      "an instance that is a number",
      { ...good, graph: { ...good.graph, instanceId: 1 } },
      "$.graph.instanceId",
    ],
    ["metadata that is a list", { ...good, metadata: [] }, "$.metadata"],
    ["nodes that are no list", { ...good, nodes: {} }, "$.nodes"],
    ["a node that is a list", { ...good, nodes: [[]] }, "$.nodes[0]"],
    ["a node without an id", { ...good, nodes: [{ kind: "signal", value: 1 }] }, "$.nodes[0].id"],
    ["an id twice", withCell({ id: "s" }), "$.nodes[1].id"],
    [
      "a signal without a value",
      { ...good, nodes: [{ id: "s", kind: "signal" }] },
      "$.nodes[0].value",
    ],
    ["a kind that nobody knows", withCell({ kind: "toString" }), "$.nodes[1].kind"],
    ["a restore of another kind", withCell({ restore: "stable-value" }), "$.nodes[1].restore"],
    ["a status that is none", withCell({ status: 1 }), "$.nodes[1].status"],
    ["a version that is a fraction", withCell({ version: 1.5 }), "$.nodes[1].version"],
    ["a version below zero", withCell({ version: -1 }), "$.nodes[1].version"],
    ["a version that leaves none", withCell({ version: 2 ** 53 - 1 }), "$.nodes[1].version"],
    ["a time of a node that is text", withCell({ updatedAt: "1" }), "$.nodes[1].updatedAt"],
    ["a mark of redaction that is no mark", withCell({ redacted: "yes" }), "$.nodes[1].redacted"],
  ];

  test("the document that they are made of is one", () => {
    expect(() => assertSnapshotDocument(good)).not.toThrow();
    expect(decodeJsonSnapshot(JSON.stringify(good))).toEqual(good);
  });

  test.each(cases)("%s", (_what, document, path) => {
    const error = refusal(() => assertSnapshotDocument(document));
    expect([error.code, error.path]).toEqual(["ERR_SK_SNAPSHOT_INVALID", path]);
    for (const mode of ["strict", "best-effort"] as const)
      refusal(() => restoreSnapshot(scope, document as SnapshotDocument, { mode }));
    expect(refusal(() => decodeJsonSnapshot(JSON.stringify(document))).path).toBe(path);
    refusal(() => encodeJsonSnapshot(document as SnapshotDocument));
    refusal(() => diffSnapshots(good as never, document as never));
    expect([s.peek(), cell.status()]).toEqual([1, "idle"]);
  });

  test("a document that was made here and then damaged is refused when it is written", () => {
    const document = captureSnapshot(createSnapshotScope().signal("s", signal(1)));
    (document.nodes[0] as { value: unknown }).value = document;
    expect(refusal(() => encodeJsonSnapshot(document))).toMatchObject({
      code: "ERR_SK_SNAPSHOT_CYCLE",
      path: "$.nodes[0].value",
    });
  });

  test("more nodes, or characters, than the limits allow", () => {
    const text = JSON.stringify(good);
    for (const limits of [{ maxNodes: 1 }, { maxLength: text.length - 1 }, { maxDepth: 1 }])
      expect(refusal(() => decodeJsonSnapshot(text, limits)).code).toBe("ERR_SK_SNAPSHOT_LIMIT");
    expect(decodeJsonSnapshot(text, { maxNodes: 2, maxLength: text.length })).toEqual(good);
  });
});

describe("H3: what JSON cannot say", () => {
  const around = (levels: number) => {
    let value: unknown = 1;
    for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { value };
    return value;
  };
  const cycle: { list: unknown[] } = { list: [] };
  cycle.list.push(cycle);
  const key = "k".repeat(100);
  const cases: [string, unknown, code: string, path: string][] = [
    ["not a number", { a: [0, Number.NaN] }, "VALUE", "$.a[1]"],
    ["undefined", [undefined], "VALUE", "$[0]"],
    ["a hole in a list", new Array(1), "VALUE", "$[0]"],
    ["a big integer", { a: 1n }, "VALUE", "$.a"],
    ["a function", { "a b": () => 1 }, "VALUE", '$["a b"]'],
    ["a map", new Map(), "VALUE", "$"],
    ["itself inside of it", cycle, "CYCLE", "$.list[0]"],
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("secret");
        },
      },
      "VALUE",
      "$",
    ],
    ["too many levels", around(1001), "LIMIT", "$"],
    ["something under a long key", { [key]: Symbol() }, "VALUE", `$["${"k".repeat(64)}..."]`],
  ];

  test.each(cases)("%s", (_what, value, code, path) => {
    const error = refusal(() => assertJsonValue(value, "It"));
    expect(error.code).toBe(`ERR_SK_SNAPSHOT_${code}`);
    expect(error.path?.startsWith(path)).toBe(true);
    expect(error.message).not.toContain("secret");
    refusal(() => captureSnapshot(createSnapshotScope().signal("s", signal(value))));
  });

  test("as many levels as the limit, objects of no prototype and of other realms are plain", () => {
    expect(() => assertJsonValue(around(1000), "It")).not.toThrow();
    expect(cloneJsonValue(Object.assign(Object.create(null), { a: [1] }))).toEqual({ a: [1] });
  });

  test("a key like __proto__ is a key of the copy", () => {
    const copy = cloneJsonValue(JSON.parse('{ "__proto__": { "polluted": [1] } }'));
    expect(Object.keys(copy)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("H3: options", () => {
  const scope = createSnapshotScope();
  const cell = fromPromise({ run: async () => 0 });
  const pair = [cell.value, cell] as const;
  const lines = createStreamResource(
    () => 1,
    () => undefined,
  );
  const calls: [string, () => unknown, name: RegExp][] = [
    ["of a scope", () => createSnapshotScope(1 as never), /"options"/],
    ["of a node", () => scope.signal("a", signal(1), null as never), /"options"/],
    [
      "a key that is no JSON",
      () => scope.resource("a", pair, { sourceKey: 1n } as never),
      /options\.sourceKey/,
    ],
    [
      "a misspelt captureValue",
      () =>
        scope.computed(
          "a",
          computed(() => 1),
          { captureValue: "availble" } as never,
        ),
      /options\.captureValue/,
    ],
    [
      "a misspelt restore",
      () => scope.resource("a", pair, { restore: "sede" } as never),
      /restore/,
    ],
    ["a serializer", () => scope.signal("a", signal(1), { serializer: 1 } as never), /serializer/],
    ["what is no cell", () => scope.resource("a", {} as never), /"source"/],
    ["what is nothing", () => scope.resource("a", null as never), /"source"/],
    [
      "a stream as a resource",
      () => scope.resource("a", lines),
      /a stream is registered by stream/,
    ],
    ["what is no handle", () => scope.signal("a", 1 as never), /"source"/],
    ["of a capture", () => captureSnapshot(scope, 1 as never), /"options"/],
    ["metadata that is text", () => captureSnapshot(scope, { metadata: "m" } as never), /metadata/],
    [
      "metadata that is a list",
      () => captureSnapshot(scope, { metadata: [] } as never),
      /metadata/,
    ],
    ["maskRedacted", () => captureSnapshot(scope, { maskRedacted: 1 } as never), /maskRedacted/],
    ["only", () => captureSnapshot(scope, { only: ["nobody"] }), /options\.only/],
    [
      "a clock that tells no time",
      () => captureSnapshot(createSnapshotScope({ now: () => Number.NaN })),
      /options\.now/,
    ],
    ["of a restore", () => restoreSnapshot(scope, good as never, null as never), /"options"/],
    ["of a script", () => toScript(good as never, null as never), /"options"/],
    ["of devalue", () => richSerializer(devalue, null as never), /"options"/],
    ["devalue", () => richSerializer(null as never), /"devalue"/],
    [
      "a reducer that is none",
      () => richSerializer(devalue, { reducers: { Point: 1 } } as never),
      /options\.reducers\.Point/,
    ],
    ["revivers", () => richSerializer(devalue, { revivers: "x" } as never), /options\.revivers/],
  ];

  test.each(calls)("are refused at the call, by name: %s", (_what, call, name) => {
    expect(call).toThrow(name);
    expect(call).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
    expect(scope.listRegistrations()).toEqual([]);
  });
});

describe("H1: errors of cells", () => {
  async function failed(reason: unknown) {
    const cell = fromPromise(() => Promise.reject(reason));
    await quiet();
    return cell;
  }

  test.each([
    ["an error", new RangeError("far"), { name: "RangeError", message: "far" }],
    ["null", null, { message: "null" }],
    ["a text", "no", { message: "no" }],
    ["a symbol", Symbol("no"), { message: "Symbol(no)" }],
    ["an object, which may hold anything", { secret: 1 }, { message: "Unknown error" }],
  ])(
    "%s is in the document as name and message, and an Error again",
    async (_what, reason, json) => {
      const cell = await failed(reason);
      const scope = createSnapshotScope().resource("r", [cell.value, cell], { restore: "seed" });
      const document = captureSnapshot(scope);
      expect(document.nodes[0]).toMatchObject({ status: "error", error: json });
      const other = fromPromise({ run: async () => 0 });
      const to = createSnapshotScope().resource("r", [other.value, other], { restore: "seed" });
      restoreSnapshot(to, document);
      expect(other.status()).toBe("error");
      expect(other.error()).toBeInstanceOf(Error);
      expect(other.error()).toMatchObject(json);
    },
  );

  test("a serializer says what of one is in the document, and makes it again", async () => {
    const cell = await failed({ code: 404 });
    const errorSerializer = {
      encode: (error: unknown) => (error as { code: number }).code,
      decode: (json: unknown) => ({ code: json }),
    };
    const options = { restore: "seed", errorSerializer } as const;
    const scope = createSnapshotScope().resource("r", [cell.value, cell], options);
    const document = captureSnapshot(scope);
    expect(document.nodes[0]).toMatchObject({ error: 404 });
    const other = fromPromise({ run: async () => 0 });
    restoreSnapshot(createSnapshotScope().resource("r", [other.value, other], options), document);
    expect(other.error()).toEqual({ code: 404 });
  });

  test("what somebody else has written as an error stays what it is", () => {
    for (const error of [["a"], 7, { name: 1 }, { message: 2 }]) {
      const cell = fromPromise({ run: async () => 0 });
      const scope = createSnapshotScope().resource("r", [cell.value, cell], { restore: "seed" });
      restoreSnapshot(scope, withCell({ status: "error", error, id: "r" }) as never, {
        mode: "best-effort",
      });
      expect(cell.error()).toEqual(error);
    }
  });
});
