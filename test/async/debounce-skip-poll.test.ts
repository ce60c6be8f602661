import {
  createResource,
  createStreamResource,
  fromPromise,
  SKIP,
  setClock,
} from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeClock, fakeClock } from "./clock.js";
import { fetcher, quiet, recorder, uncaughtDuring } from "./support.js";

let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock();
});
afterEach(() => setClock(null));

describe("debounceMs", () => {
  test("starts one run on the latest input; the cell stays as it is until then", async () => {
    const query = signal("a");
    const { fetch, inputs, call } = fetcher<string>();
    const [value, meta] = createResource(query.get, fetch, { debounceMs: 100 });
    expect(inputs).toEqual(["a"]);
    call(1).resolve("A");
    await quiet();
    query.set("ab");
    await clock.pass(60);
    query.set("abc");
    await clock.pass(60);
    expect([inputs, meta.status(), value()]).toEqual([["a"], "success", "A"]);
    await clock.pass(40);
    expect([inputs, meta.status(), clock.waiting]).toEqual([["a", "abc"], "pending", []]);
  });

  test("a run in flight goes on meanwhile, and is superseded then", async () => {
    const query = signal("a");
    const { fetch, call } = fetcher<string>();
    createResource(query.get, fetch, { debounceMs: 100 });
    query.set("b");
    await quiet();
    expect(call(1).signal.aborted).toBe(false);
    await clock.pass(100);
    expect(call(1).signal.reason).toBe("source-changed");
  });

  test.each(["cancel", "dispose"] as const)("%s drops what waits", async (act) => {
    const query = signal("a");
    const { fetch, inputs, call } = fetcher<string>();
    const [, meta] = createResource(query.get, fetch, { debounceMs: 100 });
    call(1).resolve("A");
    await quiet();
    query.set("b");
    await quiet();
    meta[act]();
    expect(clock.waiting).toEqual([]);
    await clock.pass(1000);
    expect([inputs, meta.status()]).toEqual([["a"], "success"]);
  });

  test("reload starts what waits at once; run takes its place", async () => {
    const query = signal("a");
    const { fetch, inputs } = fetcher<string>();
    const [, meta] = createResource(query.get, fetch, { debounceMs: 100 });
    query.set("b");
    await quiet();
    meta.reload();
    query.set("c");
    await quiet();
    meta.run("given");
    await clock.pass(1000);
    expect([inputs, clock.waiting]).toEqual([["a", "b", "given"], []]);
  });

  test("works for streams", async () => {
    const query = signal("a");
    const inputs: string[] = [];
    createStreamResource(query.get, (input: string) => void inputs.push(input), {
      debounceMs: 100,
    });
    await quiet();
    query.set("b");
    await clock.pass(50);
    query.set("c");
    await clock.pass(100);
    expect(inputs).toEqual(["a", "c"]);
  });
});

describe("SKIP and skip", () => {
  test("no run starts, the one in flight is cancelled, and the cell is idle", async () => {
    const id = signal<number | undefined>(1);
    const { log, callbacks } = recorder();
    const { fetch, inputs, call } = fetcher<number>();
    const [value, meta] = createResource(() => id.get() ?? SKIP, fetch, callbacks);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([id.get(), meta.status()]);
    });
    id.set(undefined);
    await quiet();
    expect([meta.status(), call(1).signal.reason, inputs]).toEqual(["idle", "source-changed", [1]]);
    call(1).resolve("late");
    await quiet();
    expect(value()).toBe(undefined);
    id.set(2);
    await quiet();
    expect(seen).toEqual([
      [1, "pending"],
      [undefined, "idle"],
      [2, "pending"],
    ]);
    expect(log).toEqual([
      "start 1",
      "cancel 1 source-changed",
      "onCancel source-changed",
      "start 2",
    ]);
  });

  test("at creation the cell is idle, and so is a stream", async () => {
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource(() => SKIP, fetch);
    const [, stream] = createStreamResource(
      () => SKIP,
      () => void inputs.push(1),
    );
    expect([meta.status(), stream.status()]).toEqual(["idle", "idle"]);
    await quiet();
    expect([inputs, await meta.reload(), meta.status()]).toEqual([[], undefined, "idle"]);
  });

  test("after a success or an error the value stays, and the error goes", async () => {
    const id = signal(1);
    const { fetch, call } = fetcher<number>();
    const [value, meta] = createResource(id.get, fetch, { skip: (n) => n === 0 });
    call(1).resolve("one");
    await quiet();
    id.set(0);
    await quiet();
    expect([meta.status(), value(), meta.state().stale]).toEqual(["idle", "one", true]);
    id.set(2);
    await quiet();
    call(2).reject("bad");
    await quiet();
    id.set(0);
    await quiet();
    expect([meta.status(), meta.error(), value()]).toEqual(["idle", undefined, "one"]);
    expect(await meta.run(0)).toBe(undefined);
  });

  test("skip is not tracked, and its error is the cell's", async () => {
    const limit = signal(5);
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch, {
      skip: (n) => {
        if (n === 13) throw new Error("unlucky");
        return n > limit.get();
      },
    });
    limit.set(0);
    await quiet();
    expect(inputs).toEqual([1]);
    id.set(13);
    await quiet();
    expect([meta.status(), meta.error()]).toEqual(["error", new Error("unlucky")]);
  });

  test("a stream rolls back what was partial", async () => {
    const on = signal(true);
    const [text, meta] = createStreamResource(
      () => (on.get() ? "go" : SKIP),
      (_input, { emit }) => emit("partial"),
    );
    await quiet();
    expect(text()).toBe("partial");
    on.set(false);
    await quiet();
    expect([text(), meta.status()]).toEqual([undefined, "idle"]);
  });
});

describe("pollMs", () => {
  test("runs again so long after the last run has settled, well or not", async () => {
    const { fetch, inputs, call } = fetcher<string>();
    const [value, meta] = createResource(() => "in", fetch, { pollMs: 1000 });
    expect(clock.waiting).toEqual([]);
    call(1).resolve("one");
    await clock.pass(0);
    expect(clock.waiting).toEqual([1000]);
    await clock.pass(1000);
    expect([inputs.length, clock.waiting]).toEqual([2, []]);
    call(2).reject("bad");
    await quiet();
    await clock.pass(1000);
    call(3).resolve("three");
    await quiet();
    expect([inputs.length, value(), clock.waiting]).toEqual([3, "three", [1000]]);
    meta.dispose();
    expect(clock.waiting).toEqual([]);
  });

  test("a run in between begins the time anew; cancel stops it until the next run", async () => {
    const id = signal(1);
    const { fetch, inputs, call } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch, { pollMs: 1000 });
    call(1).resolve("one");
    await quiet();
    await clock.pass(600);
    id.set(2);
    await quiet();
    await clock.pass(600);
    expect(inputs).toEqual([1, 2]);
    call(2).resolve("two");
    await quiet();
    expect(clock.waiting).toEqual([1000]);
    meta.cancel();
    expect(clock.waiting).toEqual([]);
    meta.reload();
    call(3).resolve("again");
    await quiet();
    expect(clock.waiting).toEqual([1000]);
  });

  test("an idle cell is not polled", async () => {
    const id = signal<number | undefined>(1);
    const { fetch, inputs, call } = fetcher<number>();
    createResource(() => id.get() ?? SKIP, fetch, { pollMs: 10 });
    call(1).resolve("one");
    await quiet();
    id.set(undefined);
    await quiet();
    await clock.pass(1000);
    expect(inputs).toEqual([1]);
  });

  test("a manual resource repeats its latest input", async () => {
    const { fetch, inputs, call } = fetcher<string>();
    const [, meta] = createResource({ trigger: "manual", run: fetch, pollMs: 10 });
    meta.run("x");
    call(1).resolve("one");
    await quiet();
    await clock.pass(10);
    expect(inputs).toEqual(["x", "x"]);
  });
});

describe("equals, name, initialValue", () => {
  test("an equal value does not wake readers of the value, and keeps the old object", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, {
      equals: (a, b) => (a as { id: number }).id === (b as { id: number }).id,
    });
    let runs = 0;
    createEffect(() => {
      cell.value();
      runs++;
    });
    const first = { id: 1 };
    call(1).resolve(first);
    await quiet();
    cell.reload();
    call(2).resolve({ id: 1 });
    await quiet();
    expect([cell.value() === first, runs, cell.version()]).toEqual([true, 2, 2]);
    cell.reload();
    call(3).resolve({ id: 2 });
    await quiet();
    expect([cell.value(), runs]).toEqual([{ id: 2 }, 3]);
  });

  test("a comparison that throws is reported, and does not hold up the commit", async () => {
    const thrown = new Error("equals");
    const errors = await uncaughtDuring(async () => {
      const cell = fromPromise(async ({ token }) => token, {
        equals: () => {
          throw thrown;
        },
      });
      await quiet();
      await cell.reload();
      expect([cell.status(), cell.value()]).toEqual(["success", 2]);
    });
    expect(errors).toEqual([thrown]);
  });

  test("initialValue is there before the first success, and false means it comes back", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { initialValue: "first", keepPreviousValueOnPending: false });
    expect([cell.value(), cell.status()]).toEqual(["first", "pending"]);
    call(1).resolve("value");
    await quiet();
    expect(cell.value()).toBe("value");
    cell.reload();
    expect(cell.value()).toBe("first");
  });

  test("errors name the cell", async () => {
    const { computed } = await import("@signal-kernel/core");
    const cell = fromPromise(() => new Promise(() => {}), { name: "user" });
    expect(() => computed(() => cell.cancel()).get()).toThrow(/user\.status/);
  });

  test.each([
    { equals: true },
    { name: 1 },
    { debounceMs: -1 },
    { pollMs: "1" },
    { skip: 1 },
    { group: {} },
    { group: null },
  ])("%j is refused before anything is created", (options) => {
    const { fetch, inputs } = fetcher<number>();
    expect(() => createResource(() => 1, fetch, options as never)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
    expect(inputs).toEqual([]);
  });
});
