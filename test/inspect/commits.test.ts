/**
 * What the last commit touched, how often everything ran - and that looking disturbs nothing.
 */
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  signal,
  transaction,
} from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { type Commit, inspect, observeCommits, toMermaid } from "@signal-kernel/native/inspect";
import { afterEach, describe, expect, it } from "vitest";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
  flushSync();
});

function observed(listener?: (commit: Commit) => void) {
  const commits = observeCommits(listener);
  ends.push(commits.stop);
  return commits;
}

/** The ids of a commit, as names. */
function named(ids: readonly string[] = []): (string | undefined)[] {
  const names = new Map(inspect().nodes.map(({ id, name, kind }) => [id, name ?? kind]));
  return ids.map((id) => names.get(id));
}

/** a and b -> sum -> show; a -> parity -> tell */
function graph() {
  const a = signal(1, { name: "a" });
  const b = signal(1, { name: "b" });
  const sum = computed(() => a.get() + b.get(), { name: "sum" });
  const parity = computed(() => a.get() % 2, { name: "parity" });
  const scope = createScope(() => {
    createEffect(() => void sum.get(), { name: "show" });
    createEffect(() => void parity.get(), { name: "tell" });
  });
  ends.push(scope.dispose);
  return { a, b, sum, parity, scope };
}

describe("a commit", () => {
  it("has what was written, what ran, and what of that has changed", () => {
    const { a } = graph();
    const commits = observed();
    expect(commits.last).toBe(null);
    a.set(3);
    flushSync();
    const { last } = commits;
    expect(last?.number).toBe(1);
    expect(named(last?.written)).toEqual(["a"]);
    expect(named(last?.evaluated).sort()).toEqual(["parity", "sum"]);
    expect(named(last?.changed)).toEqual(["sum"]);
    expect(named(last?.ran)).toEqual(["show"]);
    expect(Object.isExtensible(last) && JSON.parse(JSON.stringify(last))).toEqual(last);
  });

  it("is one for a batch, one for a transaction, and none for a rollback or a reversal", () => {
    const { a, b } = graph();
    const numbers: number[] = [];
    observed(({ number, ran }) => numbers.push(number, ran.length));
    batch(() => {
      a.set(2);
      b.set(2);
    });
    transaction(() => a.set(3));
    expect(numbers).toEqual([1, 2, 2, 2]);
    batch(() => {
      a.set(9);
      a.set(3);
    });
    expect(() =>
      transaction(() => {
        b.set(1);
        throw new Error("no");
      }),
    ).toThrow("no");
    flushSync();
    expect(numbers).toEqual([1, 2, 2, 2]);
  });

  it("has what effects write in the same flush", () => {
    const a = signal(1, { name: "a" });
    const copy = signal(1, { name: "copy" });
    ends.push(createEffect(() => copy.set(a.get()), { name: "copies" }));
    ends.push(createEffect(() => void copy.get(), { name: "reads" }));
    const commits = observed();
    a.set(2);
    flushSync();
    expect(named(commits.last?.written)).toEqual(["a", "copy"]);
    expect(named(commits.last?.ran)).toEqual(["copies", "reads"]);
  });

  it("has a cell once, by the id that it has in pictures, also one that is younger", async () => {
    const commits = observed();
    const id = signal(1, { name: "id" });
    const [user, meta] = createResource(id.get, async (n) => n);
    ends.push(() => meta.dispose());
    ends.push(createEffect(() => void [user(), meta.status()], { name: "show" }));
    await meta.promise();
    expect(named(commits.last?.written)).toEqual(["resource"]);
    expect(named(commits.last?.ran)).toEqual(["show"]);
    const cell = fromPromise(async () => 1, { name: "cell" });
    ends.push(() => cell.dispose());
    ends.push(createEffect(() => void [cell.value(), cell.status()]));
    await cell.promise();
    expect(named(commits.last?.written)).toEqual(["cell"]);
  });

  it("has a cell that its source has started, also when nobody looks at it", () => {
    const id = signal(1, { name: "id" });
    const [, meta] = createResource(id.get, async (n) => n, { name: "user", eager: false });
    ends.push(() => meta.dispose());
    const commits = observed();
    id.set(2);
    flushSync();
    expect(named(commits.last?.written)).toEqual(["id", "user"]);
    expect(named(commits.last?.ran)).toEqual(["user"]);
  });

  it("adds run counts and what was touched to a picture, and to its drawing", () => {
    const { a, b } = graph();
    const commits = observed();
    for (const value of [3, 5, 7]) {
      a.set(value);
      flushSync();
    }
    b.set(2);
    flushSync();
    const picture = inspect(null, { commits });
    const of = (name: string) => picture.nodes.find((node) => node.name === name);
    expect(["sum", "parity", "show", "tell"].map((name) => of(name)?.runs)).toEqual([4, 3, 4, 0]);
    expect(["a", "b", "sum", "parity", "show", "tell"].map((name) => of(name)?.touched)).toEqual([
      undefined,
      true,
      true,
      undefined,
      true,
      undefined,
    ]);
    expect(of("a")).not.toHaveProperty("runs");
    expect(toMermaid(picture).match(/:::touched/g)).toHaveLength(3);
  });
});

describe("a listener", () => {
  it("may write and look: its own writes are flushed, and no commit for it", () => {
    const { a } = graph();
    const shown = signal(0, { name: "shown" });
    let drawn = 0;
    ends.push(createEffect(() => void [shown.get(), drawn++]));
    const commits = observed(({ number }) => {
      inspect();
      shown.set(number);
    });
    a.set(3);
    flushSync();
    expect([commits.last?.number, shown.get(), drawn]).toEqual([1, 1, 2]);
    a.set(5);
    flushSync();
    expect([commits.last?.number, shown.get(), drawn]).toEqual([2, 2, 3]);
  });

  it("is told no more after stop, and others go on", () => {
    const { a } = graph();
    const seen: string[] = [];
    const first = observed(() => seen.push("first"));
    observed(() => seen.push("second"));
    a.set(3);
    flushSync();
    first.stop();
    first.stop();
    a.set(5);
    flushSync();
    expect(seen).toEqual(["first", "second", "second"]);
    expect(() => observeCommits(1 as never)).toThrow(TypeError);
  });
});

describe("looking", () => {
  it("evaluates nothing, tracks nothing and keeps the kernel as it was", () => {
    let runs = 0;
    const a = signal(1, { name: "a" });
    const lazy = computed(() => [a.get(), runs++], { name: "lazy" });
    const watched = computed(() => a.get(), { name: "watched" });
    let looks = 0;
    ends.push(
      createEffect(() => {
        looks++;
        inspect([lazy, watched], { values: true });
      }),
    );
    ends.push(createEffect(() => void watched.get()));
    const { nodes, edges } = engine().counters;
    inspect([lazy, watched], { values: true });
    a.set(2);
    inspect([lazy, watched], { values: true });
    flushSync();
    expect([runs, looks]).toEqual([0, 1]);
    expect(engine().counters).toMatchObject({ nodes, edges });
  });

  it("is one call into the kernel, and work that grows with the graph and not faster", () => {
    const measure = (count: number) => {
      const a = signal(0);
      const scope = createScope(() => {
        for (let i = 0; i < count; i++) {
          const c = computed(() => a.get() + i);
          createEffect(() => void c.get());
        }
      });
      const { crossings } = engine().counters;
      const picture = inspect(scope);
      const calls = engine().counters.crossings - crossings;
      scope.dispose();
      return { calls, nodes: picture.nodes.length, edges: picture.edges.length };
    };
    expect(measure(10)).toMatchObject({ nodes: 21, edges: 20 });
    const large = measure(50_000);
    expect(large).toMatchObject({ nodes: 100_001, edges: 100_000 });
    /* The call itself, and the views of what it made move. */
    expect(large.calls).toBeLessThan(40);
  });

  it("goes along chains of unobserved computeds that are longer than the stack", () => {
    const a = signal(0, { name: "a" });
    let tip = computed(() => a.get());
    for (let i = 0; i < 50_000; i++) {
      const below = tip;
      tip = computed(() => below.get());
      tip.get();
    }
    a.set(1);
    const picture = inspect(tip);
    expect(picture.nodes).toHaveLength(50_002);
    expect(picture.nodes.every(({ state, kind }) => kind === "signal" || state === "dirty")).toBe(
      true,
    );
  });
});
