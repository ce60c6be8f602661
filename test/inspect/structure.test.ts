/**
 * Pictures: which nodes and edges, in which states, on each engine.
 */
import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  signal,
  transaction,
} from "@signal-kernel/core";
import { type GraphNode, type GraphPicture, inspect } from "@signal-kernel/native/inspect";
import { afterEach, describe, expect, it } from "vitest";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
const effect: typeof createEffect = (fn, options) => {
  const end = createEffect(fn, options);
  ends.push(end);
  return end;
};

function named(picture: GraphPicture, name: string): GraphNode {
  const found = picture.nodes.filter((node) => node.name === name);
  expect(found.map((node) => node.name)).toEqual([name]);
  return found[0] as GraphNode;
}

/** Edges by the names of their ends. */
function edgesOf(picture: GraphPicture): string[] {
  const name = new Map(picture.nodes.map((node) => [node.id, node.name]));
  return picture.edges.map(({ from, to }) => `${name.get(from)} -> ${name.get(to)}`).sort();
}

describe("nodes and edges", () => {
  it("are what effects read, and what that reads", () => {
    const price = signal(10, { name: "price" });
    const amount = signal(2, { name: "amount" });
    const total = computed(() => price.get() * amount.get(), { name: "total" });
    signal(0, { name: "lonely" });
    effect(() => void total.get(), { name: "show", priority: "background" });
    const picture = inspect();
    expect(edgesOf(picture)).toEqual(["amount -> total", "price -> total", "total -> show"]);
    expect(named(picture, "total")).toMatchObject({
      kind: "computed",
      state: "clean",
      observed: true,
    });
    expect(named(picture, "show")).toMatchObject({ kind: "effect", priority: 100 });
    expect(named(picture, "price")).toMatchObject({ kind: "signal", state: "clean" });
    expect(picture.nodes.map(({ name }) => name)).not.toContain("lonely");
    expect(JSON.parse(JSON.stringify(picture))).toEqual(picture);
  });

  it("are, of a handle that nobody observes, it and what it has read", () => {
    const a = signal(1, { name: "a" });
    const b = computed(() => a.get() + 1, { name: "b" });
    const c = computed(() => b.get() + 1, { name: "c" });
    expect(named(inspect(c), "c")).toMatchObject({ state: "dirty", observed: false });
    c.get();
    expect(edgesOf(inspect(c))).toEqual(["a -> b", "b -> c"]);
    expect(named(inspect(c), "c").state).toBe("clean");
    signal(1).set(2);
    expect(named(inspect(c), "c").state).toBe("clean");
    a.set(5);
    expect(["b", "c"].map((name) => named(inspect(c), name).state)).toEqual(["dirty", "dirty"]);
    expect(inspect([a, c], { follow: "none" }).nodes).toHaveLength(2);
  });

  it("are, with follow, what reads a node", () => {
    const a = signal(1, { name: "a" });
    const b = computed(() => a.get(), { name: "b" });
    const other = signal(1, { name: "other" });
    effect(() => void [b.get(), other.get()], { name: "e" });
    const names = (follow: "sources" | "readers" | "both") =>
      inspect(b, { follow }).nodes.map(({ name }) => name);
    expect(names("sources").sort()).toEqual(["a", "b"]);
    expect(names("readers").sort()).toEqual(["b", "e"]);
    expect(names("both").sort()).toEqual(["a", "b", "e"]);
  });

  it("follow dependencies that change", () => {
    const flag = signal(true, { name: "flag" });
    const yes = signal(1, { name: "yes" });
    const no = signal(2, { name: "no" });
    effect(() => void (flag.get() ? yes.get() : no.get()), { name: "e" });
    expect(edgesOf(inspect())).toEqual(["flag -> e", "yes -> e"]);
    flag.set(false);
    flushSync();
    expect(edgesOf(inspect())).toEqual(["flag -> e", "no -> e"]);
  });

  it("have an id each that stays, observed or not, and that nobody else gets", () => {
    const a = signal(1, { name: "a" });
    const before = named(inspect(a), "a").id;
    const end = effect(() => void a.get(), { name: "e" });
    const e = named(inspect(), "e").id;
    expect(named(inspect(), "a").id).toBe(before);
    end();
    flushSync();
    effect(() => void a.get(), { name: "next" });
    expect(named(inspect(), "a").id).toBe(before);
    expect(named(inspect(), "next").id).not.toBe(e);
    const ids = inspect().nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("states", () => {
  it("are dirty from the write to the flush, and errors are errors", () => {
    const a = signal(1, { name: "a" });
    const half = computed(
      () => {
        if (a.get() === 2) throw new Error("two");
        return a.get() / 2;
      },
      { name: "half" },
    );
    effect(
      () => {
        try {
          half.get();
        } catch {
          /* It is the computed's. */
        }
      },
      { name: "e" },
    );
    const states = () => ["a", "half", "e"].map((name) => named(inspect(), name).state);
    expect(states()).toEqual(["clean", "clean", "clean"]);
    const version = named(inspect(), "half").version;
    a.set(2);
    expect(states()).toEqual(["dirty", "dirty", "dirty"]);
    flushSync();
    expect(states()).toEqual(["clean", "error", "clean"]);
    expect(named(inspect(), "half").version).toBeGreaterThan(version);
    expect(named(inspect(null, { values: true }), "half")).toMatchObject({ error: "Error: two" });
  });

  it("are running inside of what runs", () => {
    const seen: unknown[] = [];
    const a = signal(1, { name: "a" });
    const c = computed(
      () => {
        seen.push(named(inspect([c]), "c").state);
        return a.get();
      },
      { name: "c" },
    );
    effect(
      () => {
        c.get();
        seen.push(named(inspect(), "e").state);
      },
      { name: "e" },
    );
    expect(seen).toEqual(["running", "running"]);
    expect(edgesOf(inspect())).toEqual(["a -> c", "c -> e"]);
  });
});

describe("cells", () => {
  it("are one node each, with their status, between the source and who reads them", async () => {
    const id = signal(1, { name: "id" });
    const [user, meta] = createResource(id.get, async (n) => ({ n }));
    ends.push(() => meta.dispose());
    effect(() => void [meta.status(), user()], { name: "show" });
    const cell = () => inspect().nodes.find(({ kind }) => kind === "resource") as GraphNode;
    expect(cell()).toMatchObject({ state: "pending", status: "pending", version: 0, run: 1 });
    await meta.promise();
    expect(cell()).toMatchObject({ state: "clean", status: "success", version: 1, run: 1 });
    const picture = inspect();
    const name = new Map(picture.nodes.map((node) => [node.id, node.name ?? node.kind]));
    expect(
      picture.edges.map(({ from, to }) => `${name.get(from)} -> ${name.get(to)}`).sort(),
    ).toEqual(["id -> resource", "resource -> show"]);
    expect(picture.nodes).toHaveLength(3);
    id.set(2);
    flushSync();
    expect(cell()).toMatchObject({ state: "pending", version: 1, run: 2 });
  });

  it("are known by their handles, their names and their scopes", async () => {
    const failing = fromPromise(() => Promise.reject(new Error("no")), { name: "failing" });
    ends.push(() => failing.dispose());
    await failing.promise().catch(() => {});
    expect(named(inspect(failing), "failing")).toMatchObject({ kind: "resource", state: "error" });
    const [text, meta] = createStreamResource(
      () => "",
      (_input, { emit }) => emit("a"),
      { name: "text" },
    );
    ends.push(() => meta.dispose());
    expect(named(inspect([[text, meta], failing]), "text")).toMatchObject({ kind: "stream" });
    const scope = createScope(() => fromPromise(async () => 1), { name: "request" });
    const picture = inspect(scope);
    expect(picture.nodes).toHaveLength(1);
    expect(picture.scopes).toEqual([{ id: picture.nodes[0]?.owner, name: "request" }]);
    scope.dispose();
    meta.dispose();
    expect(named(inspect([[text, meta]]), "text").state).toBe("disposed");
  });

  it("of which somebody reads one part only are the same node", () => {
    const cell = fromPromise(() => new Promise(() => {}), { name: "cell" });
    ends.push(() => cell.dispose());
    effect(() => void cell.status(), { name: "e" });
    expect(edgesOf(inspect())).toEqual(["cell -> e"]);
    expect(named(inspect(), "cell").id).toBe(named(inspect(cell), "cell").id);
  });
});

describe("scopes", () => {
  it("have what they and the scopes and effects in them own, and what that reads", () => {
    const shared = signal(1, { name: "shared" });
    const outside = signal(1, { name: "outside" });
    effect(() => void outside.get(), { name: "other" });
    const outer = createScope(
      () => {
        createScope(() => createEffect(() => void shared.get(), { name: "deep" }), {
          name: "inner",
        });
        createEffect(() => void createEffect(() => {}, { name: "child" }), { name: "parent" });
      },
      { name: "outer" },
    );
    ends.push(outer.dispose);
    const picture = inspect(outer);
    expect(picture.nodes.map(({ name }) => name).sort()).toEqual([
      "child",
      "deep",
      "parent",
      "shared",
    ]);
    expect(named(picture, "child").owner).toBe(named(picture, "parent").id);
    const inner = picture.scopes.find(({ name }) => name === "inner");
    expect(named(picture, "deep").owner).toBe(inner?.id);
    expect(inner?.owner).toBe(picture.scopes.find(({ name }) => name === "outer")?.id);
    outer.dispose();
    expect(inspect(outer).nodes).toEqual([]);
  });
});

describe("inside a transaction", () => {
  it("the picture is of the committed state", async () => {
    const a = signal(1, { name: "a" });
    const double = computed(() => a.get() * 2, { name: "double" });
    effect(() => void double.get(), { name: "e" });
    const look = () => {
      const picture = inspect(null, { values: true });
      return ["a", "double"].map((name) => {
        const { value, state, version } = named(picture, name);
        return { value, state, version };
      });
    };
    const before = look();
    transaction(() => {
      a.set(5);
      expect(double.get()).toBe(10);
      expect(look()).toEqual(before.map((node) => ({ ...node, state: "dirty" })));
      expect(double.get()).toBe(10);
    });
    expect(look().map(({ value }) => value)).toEqual(["5", "10"]);
    await transaction(async () => {
      a.set(7);
      expect(look().map(({ value }) => value)).toEqual(["5", "10"]);
      await undefined;
      expect(a.get()).toBe(7);
      expect(look().map(({ state }) => state)).toEqual(["clean", "clean"]);
    });
    expect(look().map(({ value }) => value)).toEqual(["7", "14"]);
  });

  it("a look in the midst of a batch leaves a reversal one", () => {
    let runs = 0;
    const a = signal(1, { name: "a" });
    effect(() => void [a.get(), runs++], { name: "e" });
    batch(() => {
      a.set(2);
      expect(named(inspect(), "e").state).toBe("dirty");
      a.set(1);
    });
    expect(runs).toBe(1);
    expect(named(inspect(), "e").state).toBe("clean");
  });
});

describe("bad arguments", () => {
  it.each([
    [1],
    ["scope"],
    [{}],
    [[{}]],
    [[undefined]],
    [() => 1],
    [{ get: () => 1, peek: () => 1 }],
  ])("a target %s is refused", (target) => {
    expect(() => inspect(target as never)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
  });

  it.each([
    null,
    { values: 1 },
    { maxLength: 0 },
    { maxLength: 1.5 },
    { redact: true },
    { follow: "up" },
    { commits: {} },
  ])("options %j are refused", (options) => {
    expect(() => inspect(null, options as never)).toThrow(
      expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
    );
  });
});
