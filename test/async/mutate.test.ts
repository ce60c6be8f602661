import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { computed, createEffect, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { fetcher, quiet, uncaughtDuring } from "./support.js";

function list(concurrency?: "latest" | "queue" | "drop" | "parallel") {
  const { fetch, call, inputs } = fetcher<string>();
  const [value, meta] = createResource<string, string[]>({
    trigger: "manual",
    run: fetch as (input: string) => Promise<string[]>,
    initialValue: ["0"],
    concurrency,
  });
  const add = (input: string) =>
    meta.mutate(input, { optimistic: (shown = [], each) => [...shown, `${each}?`] });
  return { value, meta, call, inputs, add };
}

describe("mutate(input, { optimistic })", () => {
  test("shows the value at once, with the pending status, and then what is committed", async () => {
    const { value, meta, call, inputs, add } = list();
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([meta.status(), value()?.join()]);
    });
    const done = add("a");
    expect([value(), inputs]).toEqual([["0", "a?"], ["a"]]);
    call(1).resolve(["0", "A"]);
    expect(await done).toEqual(["0", "A"]);
    expect(seen).toEqual([
      ["idle", "0"],
      ["pending", "0,a?"],
      ["success", "0,A"],
    ]);
    meta.reload();
    expect([inputs, value()]).toEqual([
      ["a", "a"],
      ["0", "A"],
    ]);
  });

  test.each(["error", "cancel", "dispose"] as const)("is rolled back on %s", async (how) => {
    const { value, meta, call, add } = list();
    const done = add("a");
    if (how === "error") call(1).reject("no");
    else meta[how]();
    expect([await done, value()]).toEqual([undefined, ["0"]]);
  });

  test("a plain value is one too", async () => {
    const { value, meta, call } = list();
    meta.mutate("a", { optimistic: ["guess"] });
    expect(value()).toEqual(["guess"]);
    call(1).reject("no");
    await quiet();
    expect(value()).toEqual(["0"]);
  });

  test("one that is superseded is taken back, and the next stands on what is committed", async () => {
    const { value, call, add } = list();
    add("a");
    add("b");
    expect(value()).toEqual(["0", "b?"]);
    call(2).reject("no");
    await quiet();
    expect(value()).toEqual(["0"]);
  });

  test("a run without one supersedes it as well", async () => {
    const { value, meta, call, add } = list();
    add("a");
    meta.run("b");
    expect(value()).toEqual(["0"]);
    call(2).resolve(["B"]);
    await quiet();
    expect(value()).toEqual(["B"]);
  });

  test.each([
    ["ok ok", [1, 2], ["0", "1", "b?"], ["0", "2"]],
    ["ok ok", [2, 1], ["0", "2", "a?"], ["0", "2"]],
    ["no ok", [1, 2], ["0", "b?"], ["0", "2"]],
    ["no ok", [2, 1], ["0", "2", "a?"], ["0", "2"]],
    ["ok no", [1, 2], ["0", "1", "b?"], ["0", "1"]],
    /* The newer one has committed its error: the older one is late. */
    ["ok no", [2, 1], ["0", "a?"], ["0"]],
    ["no no", [1, 2], ["0", "b?"], ["0"]],
    ["no no", [2, 1], ["0", "a?"], ["0"]],
  ])("overlapping, side by side: %s, in the order %j", async (how, order, between, after) => {
    const { value, call, add } = list("parallel");
    add("a");
    add("b");
    expect(value()).toEqual(["0", "a?", "b?"]);
    const ends = order.map((token) => () => {
      if (how.split(" ")[token - 1] === "ok") call(token).resolve(["0", `${token}`]);
      else call(token).reject("no");
    });
    ends[0]?.();
    await quiet();
    expect(value()).toEqual(between);
    ends[1]?.();
    await quiet();
    expect(value()).toEqual(after);
  });

  test("in a queue all show from the beginning; cancel takes all back", async () => {
    const { value, meta, call, add } = list("queue");
    add("a");
    add("b");
    add("c");
    expect(value()).toEqual(["0", "a?", "b?", "c?"]);
    call(1).resolve(["0", "A"]);
    await quiet();
    expect(value()).toEqual(["0", "A", "b?", "c?"]);
    meta.cancel();
    await quiet();
    expect(value()).toEqual(["0", "A"]);
  });

  test("one that is dropped shows nothing", async () => {
    const { value, add } = list("drop");
    add("a");
    expect(await add("b")).toBe(undefined);
    expect(value()).toEqual(["0", "a?"]);
  });

  test("what the function throws at first is thrown, and nothing is started", () => {
    const { value, meta, inputs } = list();
    const optimistic = () => {
      throw new Error("no guess");
    };
    expect(() => meta.mutate("a", { optimistic })).toThrow("no guess");
    expect([inputs, meta.status(), value()]).toEqual([[], "idle", ["0"]]);
  });

  test("what it throws later is reported, and what is below shows", async () => {
    const { value, meta, call } = list("parallel");
    meta.run("a");
    const errors = await uncaughtDuring(async () => {
      meta.mutate("b", {
        optimistic: (shown = []) => {
          if (shown.includes("A")) throw new Error("later");
          return [...shown, "b?"];
        },
      });
      expect(value()).toEqual(["0", "b?"]);
      call(1).resolve(["A"]);
      await quiet();
      expect(value()).toEqual(["A"]);
    });
    expect(errors).toEqual([new Error("later")]);
  });

  test("does not come back when the source is skipped later", async () => {
    const id = signal(1);
    const [value, meta] = createResource(id.get, async (n) => [n], { skip: (n) => n === 0 });
    await meta.mutate(2, { optimistic: [-1] });
    id.set(0);
    await quiet();
    expect([value(), meta.status()]).toEqual([[2], "idle"]);
  });

  test("is refused inside a computed, and shows nothing", () => {
    const { value, meta, add } = list();
    expect(() => computed(() => add("a")).get()).toThrow(
      expect.objectContaining({ code: "ERR_SK_WRITE_IN_COMPUTED" }),
    );
    expect([value(), meta.status()]).toEqual([["0"], "idle"]);
  });

  test("what it reads is not tracked", async () => {
    const { meta } = list();
    const read = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      meta.mutate("a", { optimistic: () => [String(read.get())] });
    });
    read.set(1);
    await quiet();
    expect(runs).toBe(1);
  });

  test("a value that the run was never to show is not kept: keepPreviousValueOnPending false", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { keepPreviousValueOnPending: false });
    call(1).resolve(1);
    await quiet();
    cell.mutate((n: unknown) => (n as number) + 1, { run: () => new Promise(() => {}) });
    expect(cell.value()).toBe(2);
    cell.cancel();
    expect(cell.value()).toBe(1);
  });
});

describe("mutate(value, { run })", () => {
  test("shows the value while `run` makes it true; reload fetches as before", async () => {
    const { fetch, call, inputs } = fetcher<number>();
    const id = signal(1);
    const [value, meta] = createResource<number, string>(
      id.get,
      fetch as (id: number) => Promise<string>,
    );
    call(1).resolve("ada");
    await quiet();
    let finish = (_: string) => {};
    const done = meta.mutate((name = "") => `${name}!`, {
      run: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    expect([value(), meta.status()]).toEqual(["ada!", "pending"]);
    finish("Ada!");
    expect([await done, value(), meta.version()]).toEqual(["Ada!", "Ada!", 2]);
    meta.reload();
    expect(inputs).toEqual([1, 1]);
  });

  test("is superseded by a change of the source, and taken back", async () => {
    const { fetch, call } = fetcher<number>();
    const id = signal(1);
    const [value, meta] = createResource(id.get, fetch);
    call(1).resolve("one");
    await quiet();
    const done = meta.mutate("guess", { run: () => new Promise(() => {}) });
    id.set(2);
    expect(await done).toBe(undefined);
    expect(value()).toBe("one");
  });

  test("is taken back in the same commit when the input function of the next run throws", async () => {
    const id = signal(1);
    const { fetch, call } = fetcher<number>();
    const input = () => {
      if (id.get() === 2) throw "no input";
      return id.get();
    };
    const [value, meta] = createResource(input, fetch as (input: number) => Promise<string>);
    call(1).resolve("one");
    await quiet();
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([meta.status(), value()]);
    });
    void meta.mutate(3, { optimistic: () => "guess" });
    id.set(2);
    await quiet();
    expect(seen).toEqual([
      ["success", "one"],
      ["pending", "guess"],
      ["error", "one"],
    ]);
  });

  test.each(["reload", "cancel"] as const)(
    "is taken back when a listener of its signal calls %s",
    async (method) => {
      const signals: AbortSignal[] = [];
      const cell = fromPromise(({ signal }) => {
        signals.push(signal);
        return new Promise<string>(() => {});
      });
      void cell.mutate(undefined, { optimistic: () => "guess" });
      expect(cell.value()).toBe("guess");
      signals[1]?.addEventListener("abort", () => void cell[method]());
      void cell.reload();
      expect([cell.status(), cell.value()]).toEqual([
        method === "cancel" ? "cancelled" : "pending",
        undefined,
      ]);
    },
  );

  test("without `run` the value itself is committed, and outdates what is in flight", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    expect(await cell.mutate("mine")).toBe("mine");
    call(1).resolve("late");
    await quiet();
    expect([cell.value(), cell.status(), cell.version()]).toEqual(["mine", "success", 2]);
  });

  test("optimistic and run together are refused", () => {
    const cell = fromPromise(async () => 1);
    expect(() => cell.mutate(undefined, { optimistic: 1, run: () => 1 } as never)).toThrow(
      expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
    );
    expect(() => cell.mutate(1, { run: 1 } as never)).toThrow(/options.run/);
  });
});
