import { createResource } from "@signal-kernel/async-runtime";
import { computed, createEffect, signal } from "@signal-kernel/core";
import {
  assertJsonValue,
  assertSnapshotDocument,
  captureSnapshot,
  cloneJsonValue,
  createSnapshotScope,
  decodeJsonSnapshot,
  diffSnapshots,
  encodeJsonSnapshot,
  fromScript,
  isJsonValue,
  type JsonValue,
  restoreSnapshot,
  type SnapshotDocument,
  SnapshotError,
  toScript,
} from "@signal-kernel/snapshot";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SignalKernelError } from "#engine";
import { quiet, refusal } from "./support.js";

const SEED = 20261121;
const json = () => fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<JsonValue>;

/** A scope of some signals, by the values that they have. */
function scopeOf(values: readonly unknown[]) {
  const signals = values.map((value) => signal<unknown>(value));
  const scope = createSnapshotScope({ now: () => 1 });
  signals.forEach((each, i) => scope.signal(`n${i}`, each));
  return { signals, scope, now: () => signals.map(({ peek }) => peek()) };
}

describe("H3: round trips", () => {
  test("any JSON, as text and as a script, is what it was", () => {
    fc.assert(
      fc.property(fc.array(json(), { maxLength: 5 }), (values) => {
        const plain = JSON.parse(JSON.stringify(values));
        const document = captureSnapshot(scopeOf(values).scope);
        const to = scopeOf(values.map(() => null));
        restoreSnapshot(to.scope, decodeJsonSnapshot(encodeJsonSnapshot(document)));
        expect(to.now()).toEqual(plain);
        const { added, changed, removed } = diffSnapshots(document, fromScript(toScript(document)));
        expect([added, changed, removed]).toEqual([[], [], []]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("any value is JSON, or is refused; nothing in between", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (value) => {
        if (isJsonValue(value)) {
          expect(JSON.stringify(cloneJsonValue(value))).toBe(JSON.stringify(value));
          assertJsonValue(value, "It");
        } else {
          expect(refusal(() => assertJsonValue(value, "It")).path).toMatch(/^\$/);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("a text that was cut or changed is a document again, or refused and nothing is changed", () => {
    const text = encodeJsonSnapshot(captureSnapshot(scopeOf([1, "two", { three: [3] }]).scope));
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom("cut", "flip", "swap", "drop"),
        fc.nat(6),
        (at, how, bit) => {
          const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
          const damaged = {
            cut: text.slice(0, at),
            flip: text.slice(0, at) + flipped + text.slice(at + 1),
            swap: text.slice(at) + text.slice(0, at),
            drop: text.slice(0, at) + text.slice(at + 1),
          }[how] as string;
          const to = scopeOf(["a", "b", "c"]);
          let runs = 0;
          const stop = createEffect(() => {
            for (const each of to.signals) each.get();
            runs++;
          });
          try {
            restoreSnapshot(to.scope, decodeJsonSnapshot(damaged));
          } catch (error) {
            expect(error).toBeInstanceOf(SnapshotError);
            expect([to.now(), runs]).toEqual([["a", "b", "c"], 1]);
          }
          stop();
        },
      ),
      { seed: SEED, numRuns: 1000 },
    );
  });

  test("any plain object for a document is refused with a path, or is one", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            schema: fc.constantFrom("signal-kernel.snapshot.v1", "v0"),
            createdAt: fc.oneof(fc.nat(), json()),
            graph: fc.oneof(fc.constant({ id: "default", version: "0.0.0" }), json()),
            nodes: fc.oneof(
              fc.array(fc.record({ id: fc.string(), kind: json(), value: json() })),
              json(),
            ),
          },
          { requiredKeys: [] },
        ),
        (document) => {
          const to = scopeOf(["a"]);
          try {
            restoreSnapshot(to.scope, document as unknown as SnapshotDocument, {
              mode: "best-effort",
            });
            assertSnapshotDocument(document);
          } catch (error) {
            expect(error).toBeInstanceOf(SnapshotError);
            expect((error as SnapshotError).path).toMatch(/^\$/);
            expect(to.now()).toEqual(["a"]);
          }
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe("H3: sizes", () => {
  test("100,000 nodes go there and back", () => {
    const values = Array.from({ length: 100_000 }, (_, i) => ({ i }));
    const document = captureSnapshot(scopeOf(values).scope);
    const to = scopeOf(values.map(() => null));
    const report = restoreSnapshot(to.scope, decodeJsonSnapshot(encodeJsonSnapshot(document)));
    expect(report.restored).toHaveLength(100_000);
    expect(to.signals[99_999]?.peek()).toEqual({ i: 99_999 });
  });

  test("texts of ten million characters, too, as values and in a script", () => {
    const text = "<&\u2028x".repeat(2_500_000);
    const to = scopeOf([null]);
    restoreSnapshot(to.scope, fromScript(toScript(captureSnapshot(scopeOf([text]).scope))));
    expect(to.signals[0]?.peek() === text).toBe(true);
  });

  test("limits that are none are refused", () => {
    const text = encodeJsonSnapshot(captureSnapshot(scopeOf([1]).scope));
    for (const limits of [{ maxDepth: 1001 }, { maxNodes: -1 }, { maxLength: "1" }, 5] as never[])
      expect(() => decodeJsonSnapshot(text, limits)).toThrow(TypeError);
  });
});

describe("H3: errors", () => {
  test("are of the library, with a code and a path, and quote nothing", () => {
    const error = refusal(() => captureSnapshot(scopeOf([{ list: [1, new Date(77)] }]).scope));
    expect(error).toBeInstanceOf(SignalKernelError);
    expect([error.name, error.code, error.path]).toEqual([
      "SnapshotError",
      "ERR_SK_SNAPSHOT_VALUE",
      "$.list[1]",
    ]);
    expect(refusal(() => decodeJsonSnapshot("{secret: 1}")).message).not.toContain("secret");
  });

  test("bad arguments are TypeErrors that name the argument", () => {
    const scope = createSnapshotScope();
    const calls: [() => unknown, RegExp][] = [
      [() => createSnapshotScope({ graphId: 1 } as never), /graphId/],
      [() => createSnapshotScope({ now: 1 } as never), /now/],
      [() => scope.signal("a", {} as never), /source\.get/],
      [() => scope.signal("a", signal(1), { redaction: "ommit" } as never), /redaction/],
      [() => scope.signal("a", signal(1), { serializer: { encode() {} } } as never), /decode/],
      [() => scope.signal("a", signal(1), { derivedFrom: "b" } as never), /derivedFrom/],
      [() => scope.signal(1 as never, signal(1)), /id/],
      [() => scope.resource("a", [] as never), /source\[0\]/],
      [() => captureSnapshot({} as never), /scope/],
      [() => captureSnapshot(scope, { secrets: "x" } as never), /secrets/],
      [() => restoreSnapshot({} as never, {} as never), /scope/],
      [() => restoreSnapshot(scope, {} as never, { mode: "x" } as never), /mode/],
      [() => decodeJsonSnapshot(1 as never), /text/],
      [() => toScript(captureSnapshot(scope), { nonce: 1 } as never), /nonce/],
      [() => fromScript(null as never), /source/],
    ];
    for (const [call, name] of calls) {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(name);
      expect(call).toThrow(expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }));
    }
    expect(scope.listRegistrations()).toEqual([]);
    scope.signal("a", signal(1));
    expect(refusal(() => scope.signal("a", signal(2))).code).toBe("ERR_SK_SNAPSHOT_NODE");
  });
});

describe("redaction", () => {
  const SECRET = "s3cr3t-t0k3n";

  async function graph() {
    const token = signal(SECRET);
    const header = computed(() => `Bearer ${token.get()}`);
    const [user, meta] = createResource(
      () => 1,
      () => {
        throw new Error(`401 for ${token.peek()}`);
      },
    );
    await quiet();
    return { token, header, user, meta };
  }

  const bytes = (document: SnapshotDocument) =>
    Buffer.from(encodeJsonSnapshot(document) + toScript(document));

  test("what is derived from something redacted is not in the document, nor restored", async () => {
    const { token, header, user, meta } = await graph();
    const twice = signal(`${SECRET}${SECRET}`);
    const scope = createSnapshotScope()
      .signal("token", token, { redaction: "omit" })
      .computed("header", header, { derivedFrom: ["token"] })
      .signal("twice", twice, { derivedFrom: ["header"] })
      .resource("user", [user, meta], { derivedFrom: ["token"], restore: "seed" });
    const document = captureSnapshot(scope);
    expect(bytes(document).includes(SECRET)).toBe(false);
    expect(document.nodes.map(({ id }) => id)).toEqual(["header", "user"]);
    const { restored } = restoreSnapshot(scope, document);
    expect([restored, token.peek(), meta.status()]).toEqual([[], SECRET, "error"]);
  });

  test("texts of redacted nodes are masked wherever they are, when that is asked", async () => {
    const { token, header, user, meta } = await graph();
    const nested = signal({ [`key ${SECRET}`]: ["ok", SECRET] });
    const other = signal("own secret");
    const scope = createSnapshotScope()
      .signal("token", token, { redaction: { redact: () => "***" } })
      .computed("header", header)
      .signal("nested", nested)
      .signal("other", other)
      .signal("plain", signal("plain"))
      .resource("user", [user, meta], { restore: "seed", sourceKey: SECRET });
    expect(bytes(captureSnapshot(scope)).includes(SECRET)).toBe(true);
    const document = captureSnapshot(scope, {
      maskRedacted: true,
      secrets: ["own secret"],
      metadata: { url: `/?t=${SECRET}` },
    });
    expect(bytes(document).includes(SECRET)).toBe(false);
    expect(bytes(document).includes("own secret")).toBe(false);
    expect(document.nodes.find(({ id }) => id === "user")).toMatchObject({
      error: { message: "401 for [redacted]" },
      redacted: true,
    });
    const before = nested.peek();
    const { restored } = restoreSnapshot(scope, document);
    expect(restored).toEqual(["plain"]);
    expect([token.peek(), nested.peek(), other.peek()]).toEqual([SECRET, before, "own secret"]);
  });

  test("a mask of a document that says nothing of it is not written back either", async () => {
    const { token } = await graph();
    const scope = createSnapshotScope().signal("token", token, {
      redaction: { redact: () => "***" },
    });
    const document = captureSnapshot(scope);
    expect(document.nodes).toEqual([{ id: "token", kind: "signal", value: "***", redacted: true }]);
    const [node] = document.nodes;
    delete node?.redacted;
    expect(restoreSnapshot(scope, document).skipped).toEqual(["token"]);
    expect(token.peek()).toBe(SECRET);
  });

  test("a redacted resource shows neither value nor error", async () => {
    const { user, meta } = await graph();
    const scope = createSnapshotScope().resource("user", [user, meta], {
      redaction: { redact: () => "***" },
    });
    const document = captureSnapshot(scope);
    expect(bytes(document).includes(SECRET)).toBe(false);
    expect(document.nodes[0]).toMatchObject({ error: { message: "[redacted]" }, redacted: true });
  });

  test("a source that nobody registered is refused: it would leak", () => {
    const scope = createSnapshotScope().signal("a", signal(1), { derivedFrom: ["tokne"] });
    expect(refusal(() => captureSnapshot(scope)).message).toContain("tokne");
  });
});
