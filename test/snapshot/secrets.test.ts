/** H1: what was redacted does not leak through other nodes, whatever it is hidden in. */
import { computed, signal } from "@signal-kernel/core";
import { captureSnapshot, createSnapshotScope } from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";

const SECRET = "s3cret";

/** The text of a document in which one node is left out and another says the secret. */
function shown(hidden: unknown): string {
  const scope = createSnapshotScope()
    .signal("hidden", signal(hidden), { redaction: "omit" })
    .signal("log", signal(`saw ${SECRET}`));
  return JSON.stringify(captureSnapshot(scope, { maskRedacted: true }));
}

class Holder {
  readonly own = SECRET;
}

describe("the texts of what is redacted are masked elsewhere", () => {
  const throws = {
    get first(): never {
      throw new Error("unreadable");
    },
    second: SECRET,
  };
  const hostile = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("no keys");
      },
    },
  );
  test.each<[string, unknown]>([
    ["a text", SECRET],
    ["in lists and objects", { a: [{ b: SECRET }] }],
    ["the key and the value of a map", new Map([[SECRET, 1]])],
    ["in a set", new Set([[SECRET]])],
    ["in an object of a class", new Holder()],
    ["the message of an error", new Error(SECRET)],
    ["the cause of an error", new Error("outer", { cause: new Error(SECRET) })],
    ["one of several errors", new AggregateError([new Error(SECRET)])],
    ["behind a property that throws", throws],
    ["beside what cannot be looked at", [hostile, { a: SECRET }]],
  ])("%s", (_where, hidden) => {
    expect(shown(hidden)).not.toContain(SECRET);
    expect(shown(hidden)).toContain("saw [redacted]");
  });

  test("of a computed, too; one that throws holds none, and is no reason to fail", () => {
    const token = signal<string | null>(SECRET);
    const header = computed(() => {
      if (token.get() === null) throw new Error("nobody");
      return `Bearer ${token.get()}`;
    });
    const scope = createSnapshotScope()
      .computed("header", header, { redaction: "omit" })
      .signal("log", signal(`Bearer ${SECRET}`));
    const capture = () => JSON.stringify(captureSnapshot(scope, { maskRedacted: true }));
    expect(capture()).not.toContain(SECRET);
    token.set(null);
    expect(capture()).toContain(SECRET);
  });

  test("what refers to itself in many ways is looked at once", () => {
    const nodes: Record<string, unknown>[] = Array.from({ length: 50 }, () => ({}));
    for (const node of nodes)
      nodes.forEach((other, i) => Object.assign(node, { [`to${i}`]: other }));
    (nodes[49] as { deep?: unknown }).deep = SECRET;
    expect(shown(nodes[0])).not.toContain(SECRET);
  });

  test("short texts are in everything, and masked only when they are given by name", () => {
    const scope = createSnapshotScope()
      .signal("pin", signal("123"), { redaction: "omit" })
      .signal("log", signal("pin 123"));
    const text = (secrets: string[]) =>
      JSON.stringify(captureSnapshot(scope, { maskRedacted: true, secrets }));
    expect(text([])).toContain("pin 123");
    expect(text(["123"])).toContain("pin [redacted]");
  });
});
