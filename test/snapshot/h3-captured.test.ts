/** H3: a document is of the moment of its capture, whether it is written or looked at, and in whatever order. */
import { inspect } from "node:util";
import { createResource } from "@signal-kernel/async-runtime";
import { settled, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  encodeJsonSnapshot,
  type JsonValue,
  type SnapshotDocument,
} from "@signal-kernel/snapshot";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusal } from "./support.js";

const SEED = 20261121;

function scopeOf(values: readonly unknown[]) {
  const scope = createSnapshotScope({ now: () => 1 });
  values.forEach((value, i) => scope.signal(`n${i}`, signal<unknown>(value)));
  return scope;
}

const capture = (...values: unknown[]) => captureSnapshot(scopeOf(values));
const valuesOf = ({ nodes }: SnapshotDocument) =>
  nodes.map((node) => (node.kind === "signal" ? node.value : null));

describe("a captured document", () => {
  test("has the same text whether or not somebody has looked at it", () => {
    const value = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(fc.array(value, { maxLength: 8 }), (values) => {
        const unseen = encodeJsonSnapshot(capture(...values));
        const seen = capture(...values);
        expect(seen.nodes).toHaveLength(values.length);
        /* Of negative zero JSON knows nothing. */
        expect(encodeJsonSnapshot(seen)).toBe(unseen);
        expect(JSON.parse(unseen)).toEqual(JSON.parse(JSON.stringify(seen)));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("of more nodes than are written at once", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i % 3 === 0 ? { i } : i));
    expect(JSON.parse(encodeJsonSnapshot(capture(...values)))).toEqual(capture(...values));
    expect(valuesOf(capture(...values))).toEqual(values);
  });

  test("does not change with the values that it was made of", () => {
    const list = [{ deep: [1] }];
    const [unseen, seen] = [capture(list), capture(list)];
    expect(valuesOf(seen)).toEqual([[{ deep: [1] }]]);
    list[0]?.deep.push(2);
    list.push({ deep: [] });
    expect(valuesOf(seen)).toEqual([[{ deep: [1] }]]);
    expect(valuesOf(unseen)).toEqual([[{ deep: [1] }]]);
    expect(encodeJsonSnapshot(unseen)).toBe(encodeJsonSnapshot(seen));
    expect(valuesOf(unseen)[0]).not.toBe(list);
  });

  test("does not change with what code of the program does during the capture", () => {
    const list = [1];
    const scope = scopeOf([list]).signal("later", signal(0), {
      serializer: { encode: () => list.push(2), decode: () => 0 },
    });
    scope.signal("last", signal<unknown>(list));
    expect(valuesOf(captureSnapshot(scope))).toEqual([[1], 2, [1, 2]]);
  });

  test("is written as whoever has it has left it", () => {
    const document = capture("a", "b");
    document.nodes.pop();
    document.metadata = { by: "hand" };
    expect(JSON.parse(encodeJsonSnapshot(document))).toEqual({
      createdAt: 1,
      graph: { id: "default", version: "0.0.0" },
      nodes: [{ id: "n0", kind: "signal", value: "a" }],
      schema: "signal-kernel.snapshot.v1",
      metadata: { by: "hand" },
    });
    const other = capture("a");
    other.nodes = [];
    other.createdAt = 2;
    expect(JSON.parse(encodeJsonSnapshot(other))).toMatchObject({ createdAt: 2, nodes: [] });
  });

  test("is data to whoever copies, clones or prints it", () => {
    const document = capture({ shown: 1 });
    expect(Object.keys(document)).toEqual(["createdAt", "graph", "nodes", "schema"]);
    const expected = [{ id: "n0", kind: "signal", value: { shown: 1 } }];
    for (const copy of [{ ...document }, structuredClone(document), Object.freeze(document)])
      expect(copy.nodes).toEqual(expected);
    expect(inspect(capture({ shown: 1 }), { depth: 5 })).toContain("shown: 1");
  });

  test("keeps negative zero, which its text does not", () => {
    const document = capture(-0, [-0], 0);
    expect(Object.is(valuesOf(document)[0], -0)).toBe(true);
    expect(Object.is((valuesOf(document)[1] as number[])[0], -0)).toBe(true);
    expect(encodeJsonSnapshot(document)).not.toContain("-0");
  });

  test("has own properties only, and refuses what JSON would leave out or make something else of", () => {
    class Listed extends Array {}
    expect(valuesOf(capture(Listed.of(1, 2)))).toEqual([[1, 2]]);
    expect(valuesOf(capture(Object.assign(Object.create(null), { a: 1 })))).toEqual([{ a: 1 }]);
    const polluted = Object.prototype as { inherited?: unknown };
    polluted.inherited = () => "polluted";
    let text: string;
    try {
      text = encodeJsonSnapshot(capture({ a: 1 }));
    } finally {
      Reflect.deleteProperty(polluted, "inherited");
    }
    expect(text).toContain('"value":{"a":1}');
    const twice: Record<string, unknown> = {};
    twice.a = twice;
    twice.b = twice;
    const refused: unknown[] = [{ toJSON: () => 1 }, new Date(0), [undefined], { a: 1n }, twice];
    for (const value of refused)
      expect(refusal(() => capture("fine", { in: value })).path).toMatch(/^\$\.in/);
  });

  test("is refused, with an error of its own, when a getter gives something else the second time", () => {
    let reads = 0;
    const changing = {
      get n() {
        return reads++ === 0 ? 1 : 1n;
      },
    };
    const { code, path } = refusal(() => capture("fine", changing));
    expect([code, path]).toEqual(["ERR_SK_SNAPSHOT_VALUE", "$.nodes"]);
    expect(encodeJsonSnapshot(capture("fine"))).toContain('"value":"fine"');
  });

  test("has the cells as they are, beside signals", async () => {
    const [value, meta] = createResource(
      () => 1,
      async (n) => ({ n }),
    );
    const scope = scopeOf([1, { a: 1 }]).resource("cell", [value, meta], { restore: "seed" });
    await settled();
    const written = JSON.parse(encodeJsonSnapshot(captureSnapshot(scope)));
    expect(written.nodes[2]).toMatchObject({ id: "cell", status: "success", value: { n: 1 } });
    expect(written).toEqual(captureSnapshot(scope));
    meta.dispose();
  });
});
