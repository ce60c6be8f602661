/**
 * Drawings and values: nothing that a program has named or stored breaks out of them.
 */
import { computed, createEffect, createScope, signal } from "@signal-kernel/core";
import { type GraphPicture, inspect, toDot, toMermaid } from "@signal-kernel/native/inspect";
import { createSnapshotScope } from "@signal-kernel/snapshot";
import { describe, expect, it } from "vitest";

const HOSTILE = [
  'a"]; click x "javascript:alert(1)"',
  "]) --> z",
  "line\nbreak\r\u2028end",
  "</script><script>alert(1)</script>",
  "<!-- %% -->",
  "`code` #quot; &lt; &amp;",
  "\\",
  '\\"',
  "ünïcode 日本 🙂",
  "\ud800 half",
  "\u202egnp.exe",
  "1. list",
  "- list",
  "end",
  "",
  "\0",
  "x".repeat(10_000),
];

function pictureOf(names: readonly string[]): GraphPicture {
  return inspect(names.map((name) => signal(0, { name })));
}

describe("toMermaid", () => {
  it("draws shapes by kind, arrows from what is read, and styles by state", () => {
    const a = signal(1, { name: "a" });
    const b = computed(() => a.get(), { name: "b" });
    const end = createEffect(() => void b.get(), { name: "e" });
    const [na, nb, ne] = ["a", "b", "e"].map(
      (name) => inspect().nodes.find((node) => node.name === name)?.id,
    );
    a.set(2);
    expect(toMermaid(inspect(), { direction: "TB" }).split("\n")).toEqual(
      expect.arrayContaining([
        "flowchart TB",
        expect.stringMatching(`^  ${na}\\(\\["a<br/>dirty · v\\d+"\\]\\):::dirty$`),
        expect.stringMatching(`^  ${nb}\\["b<br/>dirty · v\\d+"\\]:::dirty$`),
        `  ${ne}{{"e<br/>dirty"}}:::dirty`,
        `  ${na} --> ${nb}`,
        `  ${nb} --> ${ne}`,
        expect.stringMatching(/^ {2}classDef dirty fill:/),
      ]),
    );
    end();
  });

  it.each(HOSTILE)("keeps %j inside its label", (name) => {
    const lines = toMermaid(pictureOf([name]))
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^ {2}n\d+\(\["[\p{L}\p{M}\p{N} .,:·…_#;-]*(<br\/>v\d+)"\]\)$/u);
    expect(lines[1]?.length).toBeLessThan(1000);
  });

  it("draws scopes as frames, one in the other, however hostile their names are", () => {
    const scope = createScope(
      () => {
        createScope(() => createEffect(() => {}, { name: "deep" }), { name: 'in"ner]' });
      },
      { name: "outer" },
    );
    const lines = toMermaid(inspect(scope))
      .split("\n")
      .map((line) => line.trim());
    expect(lines[1]).toMatch(/^subgraph n\d+\["outer"\]$/);
    expect(lines[2]).toMatch(/^subgraph n\d+\["in#34;ner#93;"\]$/);
    expect(lines.slice(4, 6)).toEqual(["end", "end"]);
    scope.dispose();
  });

  it("frames scopes that are nested deeper than the stack", () => {
    let scope = createScope();
    const outermost = scope;
    for (let i = 0; i < 20_000; i++) scope = scope.run(() => createScope());
    scope.run(() => createEffect(() => {}, { name: "at the bottom" }));
    const drawn = toMermaid(inspect(outermost));
    expect(drawn.match(/subgraph/g)).toHaveLength(20_001);
    expect(drawn).toContain("at the bottom");
    expect(toDot(inspect(outermost))).toContain("at the bottom");
  });
});

describe("toDot", () => {
  it("draws arrows from what is read, and says what a node has failed with", () => {
    const a = signal(1, { name: "a" });
    const b = computed(
      () => {
        throw new RangeError(`at ${a.get()}`);
      },
      { name: "b" },
    );
    expect(() => b.get()).toThrow(RangeError);
    const picture = inspect(b, { values: true });
    const [na, nb] = ["a", "b"].map((name) => picture.nodes.find((node) => node.name === name)?.id);
    const text = toDot(picture, { direction: "TB" });
    expect(text).toContain(`  "${na}" -> "${nb}";`);
    expect(text).toContain("rankdir=TB");
    for (const drawn of [text, toMermaid(picture)]) expect(drawn).toContain("RangeError");
  });

  it.each(HOSTILE)("keeps %j inside its label", (name) => {
    const text = toDot(pictureOf([name]));
    const [, label] =
      /^ {2}"n\d+" \[label="((?:[^"\\<>]|\\.)*)", shape=ellipse\];$/m.exec(text) ?? [];
    expect(label).toBeDefined();
    expect(text.split("\n")).toHaveLength(6);
    expect(label).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    expect(label).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });
});

describe("drawings", () => {
  it.each([null, {}, { nodes: [] }, 1])("refuse %j", (picture) => {
    for (const draw of [toMermaid, toDot])
      expect(() => draw(picture as never)).toThrow(
        expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
      );
  });

  it("refuse another direction", () => {
    for (const draw of [toMermaid, toDot])
      for (const options of [{ direction: "up" }, null, 1] as never[])
        expect(() => draw(inspect(), options)).toThrow(TypeError);
  });
});

describe("values", () => {
  const textOf = (value: unknown, options: object = {}) => {
    const target = signal(value, { name: "it" });
    return inspect(target, { values: true, ...options }).nodes[0]?.value;
  };

  it.each([
    ["text", '"text"'],
    [-0, "-0"],
    [10n, "10n"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [[1, [2, [3, [4]]]], "[1, [2, [3, […]]]]"],
    [{ a: 1, "b c": "d" }, '{ a: 1, "b c": "d" }'],
    [{}, "{}"],
    [new Map([[1, 2]]), "Map(1)"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new TypeError("no"), "TypeError: no"],
    [new Uint8Array(4), "Uint8Array(4 bytes)"],
    [Math.max, "function max"],
    [
      new (class Point {
        x = 1;
      })(),
      "Point { x: 1 }",
    ],
  ])("%s are text", (value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it("are not there unless they are asked for", () => {
    expect(inspect(signal("secret")).nodes[0]).not.toHaveProperty("value");
  });

  it("are cut to a length, and what is cut off costs nothing", () => {
    let reads = 0;
    const item = new Proxy(
      {},
      {
        ownKeys() {
          reads++;
          return [];
        },
      },
    );
    const text = textOf(new Array(100_000).fill(item), { maxLength: 20 });
    expect(text).toMatch(/^\[\{\}, .*…$/);
    expect(text).toHaveLength(20);
    expect(reads).toBeLessThan(20);
    expect(textOf("x".repeat(1_000_000), { maxLength: 5 })).toBe('"xxx…');
    expect(textOf("abc", { maxLength: 5 })).toBe('"abc"');
    expect(textOf("a🙂b", { maxLength: 4 })).toBe('"a…');
  });

  it("run no code of the program's", () => {
    const refuse = () => {
      throw new Error("called");
    };
    const value = Object.defineProperties(
      { toJSON: refuse, toString: refuse, [Symbol.toPrimitive]: refuse },
      { lazy: { get: refuse, enumerable: true }, constructor: { get: refuse } },
    );
    expect(textOf(value)).toBe(
      "{ toJSON: function refuse, toString: function refuse, lazy: (getter) }",
    );
    expect(textOf(new Proxy({}, { getPrototypeOf: refuse, ownKeys: refuse }))).toBe("(unreadable)");
    class Liar extends Map {
      override get size(): number {
        return refuse();
      }
    }
    expect(textOf(new Liar())).toBe("Map(0)");
  });

  it("go through the option redact, which sees the node and evaluates nothing", () => {
    const token = signal("secret", { name: "token" });
    const bad = computed(
      () => {
        throw new Error(`with ${token.get()}`);
      },
      { name: "bad" },
    );
    expect(() => bad.get()).toThrow();
    const picture = inspect(bad, {
      values: true,
      redact: (value, { name, kind }) => (value instanceof Error ? kind : name),
    });
    expect(JSON.stringify(picture)).not.toContain("secret");
    expect(picture.nodes.map(({ value, error }) => value ?? error).sort()).toEqual([
      '"computed"',
      '"token"',
    ]);
    const broken = () => {
      throw new Error("mine");
    };
    expect(() => inspect(token, { values: true, redact: broken })).toThrow("mine");
  });

  it("of nodes that a snapshot scope redacts, or that derive from those, are masked", () => {
    const token = signal("secret");
    const header = computed(() => `Bearer ${token.get()}`);
    header.get();
    const scope = createSnapshotScope()
      .signal("token", token, { redaction: "omit" })
      .computed("header", header, { derivedFrom: ["token"] })
      .signal("id", signal(7));
    const picture = inspect(scope, { values: true });
    expect(picture.nodes.map(({ name, value }) => [name, value])).toEqual([
      ["token", "[redacted]"],
      ["header", "[redacted]"],
      ["id", "7"],
    ]);
  });
});
