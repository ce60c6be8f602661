/** The S rows of the adversarial table: `node run.mjs S01` prints what was raised. */
import assert from "node:assert/strict";
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  restoreSnapshot,
  SnapshotError,
  toScript,
} from "@signal-kernel/snapshot";

const HEAD = {
  schema: "signal-kernel.snapshot.v1",
  createdAt: 1,
  graph: { id: "default", version: "0.0.0" },
};
const documentOf = (...nodes) => ({ ...HEAD, nodes });
const node = (value, id = "a") => ({ id, kind: "signal", value });

/** A scope of one signal, and whether that was left alone. */
function target() {
  const a = signal("untouched");
  const scope = createSnapshotScope().signal("a", a);
  return { a, scope, untouched: () => assert.equal(a.peek(), "untouched") };
}

/** The path of the SnapshotError that `fn` throws. */
function refused(fn) {
  try {
    fn();
  } catch (error) {
    assert.ok(error instanceof SnapshotError, String(error));
    assert.match(error.code, /^ERR_SK_SNAPSHOT_/);
    return error.path;
  }
  assert.fail("nothing was thrown");
}

/** What comes out of a value that goes through a document. */
function roundTrip(value) {
  const to = target();
  const from = createSnapshotScope().signal("a", signal(value));
  restoreSnapshot(to.scope, decodeJsonSnapshot(encodeJsonSnapshot(captureSnapshot(from))));
  return to.a.peek();
}

const ROWS = {
  S01() {
    const ids = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "a.b[0]"];
    const signals = ids.map((id) => signal(id));
    const scope = createSnapshotScope();
    ids.forEach((id, i) => scope.signal(id, signals[i]));
    const document = decodeJsonSnapshot(encodeJsonSnapshot(captureSnapshot(scope)));
    for (const each of signals) each.set("changed");
    assert.deepEqual(restoreSnapshot(scope, document).restored, ids);
    assert.deepEqual(
      signals.map(({ peek }) => peek()),
      ids,
    );
    refused(() => restoreSnapshot(target().scope, documentOf(node(1, "__proto__"))));
  },

  S02() {
    const { a, scope } = target();
    const text = JSON.stringify(documentOf(node(0))).replace(
      '"value":0',
      '"value":{"__proto__":{"polluted":[{"__proto__":1}]},"constructor":{"prototype":{"polluted":1}}}',
    );
    restoreSnapshot(scope, decodeJsonSnapshot(text));
    assert.equal({}.polluted, undefined);
    assert.equal(Object.getPrototypeOf(a.peek()), Object.prototype);
    assert.deepEqual(Object.keys(a.peek()), ["__proto__", "constructor"]);
    const again = encodeJsonSnapshot(captureSnapshot(scope));
    assert.deepEqual(JSON.parse(again).nodes, JSON.parse(text).nodes);
    /* A document by hand, whose head is only inherited. */
    refused(() => restoreSnapshot(scope, Object.create(documentOf(node(1)))));
  },

  S03() {
    const { scope, untouched } = target();
    const bad = [
      [null, "$"],
      [[], "$"],
      ["text", "$"],
      [{}, "$.schema"],
      [{ ...documentOf(), schema: "v2" }, "$.schema"],
      [{ ...documentOf(), createdAt: "1" }, "$.createdAt"],
      [{ ...documentOf(), graph: null }, "$.graph"],
      [{ ...documentOf(), graph: { id: 1, version: "1" } }, "$.graph.id"],
      [{ ...documentOf(), nodes: {} }, "$.nodes"],
      [{ ...documentOf(), metadata: [] }, "$.metadata"],
      [documentOf(node(1), null), "$.nodes[1]"],
      [documentOf({ kind: "signal", value: 1 }), "$.nodes[0].id"],
      [documentOf({ id: "a", kind: "signal" }), "$.nodes[0].value"],
      [documentOf({ id: "a", kind: "toString", value: 1 }), "$.nodes[0].kind"],
      [documentOf(node(1), node(2)), "$.nodes[1].id"],
      [documentOf({ id: "r", kind: "resource", restore: "seed" }), "$.nodes[0].status"],
      [documentOf({ id: "r", kind: "resource", restore: "?", status: "x" }), "$.nodes[0].restore"],
      [
        documentOf({ id: "r", kind: "stream", restore: "reload", status: "x", version: 2 ** 53 }),
        "$.nodes[0].version",
      ],
    ];
    for (const [document, path] of bad) {
      assert.equal(
        refused(() => restoreSnapshot(scope, document)),
        path,
      );
      assert.equal(
        refused(() => decodeJsonSnapshot(JSON.stringify(document))),
        path,
      );
    }
    for (const text of ["", "{", "undefined", '{"a":1}}', "\u0000"])
      refused(() => decodeJsonSnapshot(text));
    untouched();
    return "SnapshotError";
  },

  S04() {
    const { scope, untouched } = target();
    const depth = 100_000;
    const text = JSON.stringify(documentOf(node(0))).replace(
      '"value":0',
      `"value":${"[".repeat(depth)}${"]".repeat(depth)}`,
    );
    refused(() => decodeJsonSnapshot(text));
    let deep = [];
    for (let i = 0; i < depth; i++) deep = i % 2 === 0 ? [deep] : { deep };
    refused(() => restoreSnapshot(scope, documentOf(node(deep))));
    refused(() => encodeJsonSnapshot(documentOf(node(deep))));
    refused(() => captureSnapshot(createSnapshotScope().signal("a", signal(deep))));
    let within = 1;
    for (let i = 0; i < 997; i++) within = [within];
    assert.deepEqual(roundTrip(within), within);
    untouched();
    return "SnapshotError";
  },

  S05() {
    const cycle = { list: [] };
    cycle.list.push(cycle, cycle, cycle);
    const scope = createSnapshotScope().signal("a", signal(cycle));
    assert.throws(() => captureSnapshot(scope), { code: "ERR_SK_SNAPSHOT_CYCLE" });
    assert.equal(
      refused(() => captureSnapshot(scope)),
      "$.list[0]",
    );
    refused(() => restoreSnapshot(target().scope, documentOf(node(cycle))));
    const document = documentOf();
    document.nodes.push(document);
    refused(() => encodeJsonSnapshot(document));
    return "SnapshotError";
  },

  S06() {
    const { scope, untouched } = target();
    const hostile = [
      {
        get bad() {
          throw new EvalError("getter");
        },
      },
      { toJSON: () => 1 },
      new Proxy({}, { ownKeys: () => assert.fail("trap") }),
      new Proxy([], { get: () => assert.fail("trap") }),
      // biome-ignore lint/suspicious/noSparseArray: a hole is the case.
      [1, , 3],
      new Array(2 ** 32 - 1),
      new Date(),
      new Map(),
      new (class Own {})(),
      Symbol("s"),
      1n,
      () => {},
      undefined,
      Number.NaN,
    ];
    for (const value of hostile) {
      refused(() => captureSnapshot(createSnapshotScope().signal("a", signal(value))));
      refused(() => restoreSnapshot(scope, documentOf(node([value]))));
    }
    /* What says something else when it is read again is what it was when it was checked. */
    let reads = 0;
    const changing = {
      get value() {
        return reads++ === 0 ? "checked" : () => assert.fail("called");
      },
    };
    const copied = target();
    restoreSnapshot(copied.scope, documentOf(node(changing)));
    assert.deepEqual(copied.a.peek(), { value: "checked" });
    assert.deepEqual(roundTrip({ [Symbol("x")]: () => {}, a: 1 }), { a: 1 });
    untouched();
    return "SnapshotError";
  },

  S07() {
    const evil = '</script><!--<script>\u2028\u2029&amp;"';
    const scope = createSnapshotScope().signal("a", signal({ [evil]: [evil] }));
    const document = captureSnapshot(scope, { metadata: { evil } });
    const text = encodeJsonSnapshot(document);
    assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
    assert.match(text, /\\u003c\/script\\u003e\\u003c!--/);
    const html = toScript(document, { nonce: '"><x', id: "a'&b" });
    assert.equal(html.match(/</g).length, 2);
    assert.deepEqual(roundTrip({ [evil]: [evil] }), { [evil]: [evil] });
  },

  S08() {
    const { a, scope } = target();
    const b = signal(0);
    const thrown = new URIError("decoder");
    scope.signal("b", b, {
      serializer: {
        encode: (value) => value,
        decode: () => {
          throw thrown;
        },
      },
    });
    const seen = [];
    createEffect(() => void seen.push(a.get()));
    assert.throws(
      () => restoreSnapshot(scope, documentOf(node("x"), node(1, "b"))),
      (error) => error === thrown,
    );
    flushSync();
    assert.deepEqual([a.peek(), b.peek(), seen], ["untouched", 0, ["untouched"]]);
    return "URIError";
  },

  S09() {
    const { a } = target();
    let called = 0;
    const fn = () => called++;
    const scope = createSnapshotScope().signal("a", a, {
      serializer: { encode: () => "fn", decode: () => fn },
    });
    restoreSnapshot(scope, documentOf(node("fn")));
    assert.equal(a.peek(), fn);
    // biome-ignore lint/suspicious/noThenProperty: what looks like a thenable is the case.
    restoreSnapshot(target().scope, documentOf(node({ then: "x", call: "y" })));
    assert.equal(called, 0);
  },

  S10() {
    const signals = Array.from({ length: 100 }, () => signal(0));
    const scope = createSnapshotScope();
    signals.forEach((each, i) => scope.signal(String(i), each));
    let runs = 0;
    let sum = 0;
    createEffect(() => {
      runs++;
      sum = signals.reduce((total, each) => total + each.get(), 0);
    });
    restoreSnapshot(scope, documentOf(...signals.map((_, i) => node(i, String(i)))));
    assert.deepEqual([runs, sum], [2, 4950]);
  },

  S11() {
    const large = "x".repeat(10_000_000);
    assert.equal(roundTrip([large, large])[1].length, large.length);
    const text = JSON.stringify(documentOf(node(large), node(1, "b")));
    const { scope, untouched } = target();
    assert.throws(() => decodeJsonSnapshot(text, { maxLength: 1_000_000 }), {
      code: "ERR_SK_SNAPSHOT_LIMIT",
    });
    const limits = { maxNodes: 1 };
    refused(() => decodeJsonSnapshot(text, limits));
    refused(() => restoreSnapshot(scope, JSON.parse(text), { limits }));
    refused(() => restoreSnapshot(scope, documentOf(node([[1]])), { limits: { maxDepth: 4 } }));
    refused(() =>
      restoreSnapshot(scope, decodeJsonSnapshot(JSON.stringify(documentOf(node([[1]])))), {
        limits: { maxDepth: 4 },
      }),
    );
    untouched();
    return "SnapshotError";
  },

  S12() {
    assert.ok(Object.is(roundTrip(-0), 0));
    for (const value of [1e308, 5e-324, -1e308, 2 ** 53, "\ud800", "\udc00x", { "": "" }, [], {}])
      assert.deepEqual(roundTrip(value), value);
  },
};

const [id] = process.argv.slice(2);
const raised = ROWS[id]() ?? "none";
const a = signal(1);
const doubled = computed(() => a.get() * 2);
const seen = [];
createEffect(() => void seen.push(doubled.get()));
a.set(2);
flushSync();
assert.deepEqual(seen, [2, 4]);
console.log(JSON.stringify({ id, raised }));
