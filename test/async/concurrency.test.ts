import { createResource, createRevision, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, test } from "vitest";
import { fetcher, quiet, recorder } from "./support.js";

function manual(concurrency: "latest" | "queue" | "drop" | "parallel", more: object = {}) {
  const { log, callbacks } = recorder();
  const { fetch, call, inputs } = fetcher<string>();
  const [value, meta] = createResource({
    trigger: "manual",
    run: fetch,
    concurrency,
    onEvent: callbacks.onEvent,
    ...more,
  });
  return { value, meta, call, inputs, log };
}

describe("concurrency: latest", () => {
  test("is the default: the newer run supersedes", async () => {
    const { value, meta, call } = manual("latest");
    const first = meta.run("a");
    const second = meta.run("b");
    call(2).resolve("B");
    expect([await first, await second, value()]).toEqual([undefined, "B", "B"]);
    expect(call(1).signal.reason).toBe("superseded");
  });
});

describe("concurrency: queue", () => {
  test("one after the other, each commits", async () => {
    const { value, meta, call, inputs, log } = manual("queue");
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([meta.status(), value()]);
    });
    const runs = [meta.run("a"), meta.run("b"), meta.run("c")];
    expect(inputs).toEqual(["a"]);
    call(1).resolve("A");
    expect(await runs[0]).toBe("A");
    expect(inputs).toEqual(["a", "b"]);
    call(2).reject("no");
    expect(await runs[1]).toBe(undefined);
    call(3).resolve("C");
    expect(await runs[2]).toBe("C");
    expect(seen).toEqual([
      ["idle", undefined],
      ["pending", undefined],
      ["success", "A"],
      ["pending", "A"],
      ["error", "A"],
      ["pending", "A"],
      ["success", "C"],
    ]);
    expect(log).toEqual(["start 1", "success 1", "start 2", "error 2 no", "start 3", "success 3"]);
  });

  test("reload takes its turn as well, with the latest input", async () => {
    const { meta, call, inputs } = manual("queue");
    meta.run("a");
    meta.run("b");
    meta.reload();
    call(1).resolve(1);
    await quiet();
    call(2).resolve(2);
    await quiet();
    expect(inputs).toEqual(["a", "b", "b"]);
  });

  test.each(["cancel", "dispose"] as const)(
    "%s ends the run and drops those that wait",
    async (act) => {
      const { meta, call, inputs, log } = manual("queue");
      const runs = [meta.run("a"), meta.run("b"), meta.run("c")];
      meta[act]();
      expect(await Promise.all(runs)).toEqual([undefined, undefined, undefined]);
      call(1).resolve("late");
      await quiet();
      expect([inputs, log.length, meta.status()]).toEqual([["a"], 2, "cancelled"]);
      const next = meta.run("d");
      if (act === "cancel") call(2).resolve("D");
      expect(await next).toBe(act === "cancel" ? "D" : undefined);
    },
  );

  test("a run that an effect asks for at the commit comes in its turn", async () => {
    const { value, meta, call, inputs } = manual("queue");
    createEffect(() => {
      if (value() === "A") meta.run("from the effect");
    });
    meta.run("a");
    meta.run("b");
    call(1).resolve("A");
    await quiet();
    call(2).resolve("B");
    await quiet();
    expect(inputs).toEqual(["a", "b", "from the effect"]);
  });
});

describe("concurrency: drop", () => {
  test("a run while one is in flight resolves with undefined and changes nothing", async () => {
    const { value, meta, call, inputs, log } = manual("drop");
    const first = meta.run("a");
    expect(await meta.run("b")).toBe(undefined);
    expect(await meta.reload()).toBe(undefined);
    call(1).resolve("A");
    expect([await first, value()]).toEqual(["A", "A"]);
    meta.reload();
    expect(inputs).toEqual(["a", "a"]);
    expect(log).toEqual(["start 1", "success 1", "start 2"]);
  });
});

describe("concurrency: parallel", () => {
  test("in order: each commits; the status is of the newest", async () => {
    const { value, meta, call, log } = manual("parallel");
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([meta.status(), value(), meta.version()]);
    });
    const runs = [meta.run("a"), meta.run("b")];
    expect([call(1).signal.aborted, call(2).token]).toEqual([false, 2]);
    call(1).resolve("A");
    await quiet();
    call(2).resolve("B");
    expect(await Promise.all(runs)).toEqual(["A", "B"]);
    expect(seen).toEqual([
      ["idle", undefined, 0],
      ["pending", undefined, 0],
      ["pending", "A", 1],
      ["success", "B", 2],
    ]);
    expect(log).toEqual(["start 1", "start 2", "success 1", "success 2"]);
  });

  test("out of order: the older one resolves and changes nothing visible", async () => {
    const revision = createRevision();
    const { value, meta, call, log } = manual("parallel", { invalidates: revision });
    const runs = [meta.run("a"), meta.run("b"), meta.run("c")];
    call(2).resolve("B");
    await quiet();
    expect([value(), meta.status(), meta.version()]).toEqual(["B", "pending", 2]);
    call(1).resolve("A");
    await quiet();
    expect([await runs[0], value(), meta.version()]).toEqual(["A", "B", 2]);
    call(3).reject("no");
    await quiet();
    expect([await runs[2], value(), meta.status(), meta.error()]).toEqual([
      undefined,
      "B",
      "error",
      "no",
    ]);
    expect(log).toEqual(["start 1", "start 2", "start 3", "success 2", "success 1", "error 3 no"]);
    /* It has happened, whether or not it shows. */
    expect(revision.peek()).toBe(2);
  });

  test("cancel and dispose end all of them, and their kernel slots are free", async () => {
    const before = engine().counters.tasks;
    const { meta, call, log } = manual("parallel");
    meta.run("a");
    meta.run("b");
    expect(engine().counters.tasks).toBe(before + 3);
    meta.cancel("enough");
    expect([meta.status(), engine().counters.tasks]).toEqual(["cancelled", before + 1]);
    expect([call(1).signal.reason, call(2).signal.reason]).toEqual(["enough", "enough"]);
    meta.run("c");
    call(1).resolve("late");
    call(3).resolve("C");
    await quiet();
    expect([meta.status(), log.filter((entry) => /^(cancel|success)/.test(entry))]).toEqual([
      "success",
      ["cancel 2 enough", "cancel 1 enough", "success 3"],
    ]);
    meta.run("d");
    meta.run("e");
    meta.dispose();
    expect(engine().counters.tasks).toBe(before);
  });

  test("cancel reaches an older run when the newest has ended", async () => {
    const { meta, call, log } = manual("parallel");
    const first = meta.run("a");
    meta.run("b");
    call(2).resolve("B");
    await quiet();
    meta.cancel();
    expect([meta.status(), await first, call(1).signal.aborted]).toEqual([
      "success",
      undefined,
      true,
    ]);
    expect(log.at(-1)).toMatch(/^cancel 1/);
  });

  test("callbacks that start, cancel and settle others keep one end for each run", async () => {
    const { log, callbacks } = recorder();
    const { make, call } = fetcher();
    const cell: { run(): Promise<unknown>; cancel(r: string): void } = fromPromise(make, {
      eager: false,
      concurrency: "parallel",
      onEvent: (event) => {
        callbacks.onEvent(event);
        if (event.type === "success" && event.token === 1) cell.run();
        if (event.type === "cancel" && event.token === 3) cell.run();
      },
    });
    cell.run();
    cell.run();
    call(1).resolve(1);
    await quiet();
    cell.cancel("all");
    call(4).resolve(4);
    await quiet();
    expect(log.sort()).toEqual([
      "cancel 2 all",
      "cancel 3 all",
      "start 1",
      "start 2",
      "start 3",
      "start 4",
      "success 1",
      "success 4",
    ]);
  });
});

test("concurrency: parallel: runs are told in their order, also one that an effect starts in between", () => {
  const { meta, inputs, log } = manual("parallel");
  createEffect(() => {
    if (meta.status() === "pending" && meta.error() === undefined && inputs.length === 0)
      void meta.run("b");
  });
  void meta.run("a");
  expect(log.slice(0, 2)).toEqual(["start 1", "start 2"]);
});

test("another word is refused", () => {
  expect(() => fromPromise(async () => 1, { concurrency: "some" as never })).toThrow(
    expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
  );
});
