import { signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  restoreSnapshot,
  richSerializer,
  type SnapshotDocument,
} from "@signal-kernel/snapshot";
import * as devalue from "devalue";
import { describe, expect, test } from "vitest";
import { refusal } from "./support.js";

function through<T>(value: T, serializer = richSerializer<unknown>(devalue)): unknown {
  const from = createSnapshotScope().signal("a", signal<unknown>(value), { serializer });
  const target = signal<unknown>(null);
  const to = createSnapshotScope().signal("a", target, { serializer });
  restoreSnapshot(to, decodeJsonSnapshot(encodeJsonSnapshot(captureSnapshot(from))));
  return target.peek();
}

describe("values that JSON cannot say", () => {
  const values: [string, unknown][] = [
    ["a date", new Date(1e12)],
    ["a map of sets", new Map([[{ k: 1 }, new Set([1, "x"])]])],
    ["a big integer", 2n ** 70n],
    ["a typed array", new Float64Array([1.5, -0, Number.NaN])],
    ["undefined, NaN and infinities", [undefined, Number.NaN, -Infinity, -0]],
    ["a regular expression", /<x>/giu],
    ["text that HTML knows", "</script>\u2028"],
  ];
  test.each(values)("%s", (_title, value) => {
    expect(through(value)).toEqual(value);
  });

  test("a cycle, and what is shared", () => {
    const shared = { n: 1 };
    const cycle: Record<string, unknown> = { shared, again: shared };
    cycle.self = cycle;
    const back = through(cycle) as typeof cycle;
    expect(back.self).toBe(back);
    expect(back.shared).toBe(back.again);
  });

  test("an error with its name and cause, without the stack of another machine", () => {
    const error = Object.assign(new TypeError("top", { cause: new Date(5) }), {});
    const back = through(error) as Error;
    expect(back).toBeInstanceOf(Error);
    expect([back.name, back.message, back.cause]).toEqual(["TypeError", "top", new Date(5)]);
    expect(back.stack).not.toBe(error.stack);
  });

  test("types of one's own", () => {
    class Point {
      constructor(readonly x: number) {}
    }
    const serializer = richSerializer<unknown>(devalue, {
      reducers: { Point: (value) => value instanceof Point && [value.x] },
      revivers: { Point: ([x]: [number]) => new Point(x) },
    });
    expect(through([new Point(3)], serializer)).toEqual([new Point(3)]);
    expect(through([new Point(3)], serializer)).toEqual([expect.any(Point)]);
  });

  test("what it cannot say is a SnapshotError that quotes nothing", () => {
    const secret = () => "s3cr3t";
    const error = refusal(() => through({ list: [secret] }));
    expect([error.code, error.message.includes("s3cr3t")]).toEqual([
      "ERR_SK_SNAPSHOT_VALUE",
      false,
    ]);
    let deep: unknown = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(refusal(() => through(deep)).code).toBe("ERR_SK_SNAPSHOT_LIMIT");
  });

  test("a damaged value changes nothing", () => {
    const target = signal<unknown>("kept");
    const scope = createSnapshotScope().signal("a", target, {
      serializer: richSerializer(devalue),
    });
    for (const value of [
      [5],
      [{ a: 99 }],
      "x",
      [["Date", "nonsense"], 1],
      [["Unknown", 1], 2],
      {},
    ]) {
      const document = {
        schema: "signal-kernel.snapshot.v1",
        createdAt: 1,
        graph: { id: "default", version: "0.0.0" },
        nodes: [{ id: "a", kind: "signal", value }],
      } as SnapshotDocument;
      try {
        restoreSnapshot(scope, document);
        target.set("kept");
      } catch (error) {
        expect(error).toMatchObject({ name: "SnapshotError" });
      }
      expect(target.peek()).toBe("kept");
    }
  });
});
