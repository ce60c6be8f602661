import {
  asyncComputed,
  asyncSignal,
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  setClock,
} from "@signal-kernel/async-runtime";
import { computed, createEffect, signal, transaction } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, test } from "vitest";
import { fakeClock } from "./clock.js";
import { fetcher, quiet } from "./support.js";

const tasks = () => engine().counters.tasks;

describe("A9: dispose", () => {
  test("ends every kind of cell: it never runs or changes again, and frees its slot", async () => {
    const id = signal(1);
    const { fetch, make, inputs, call } = fetcher<number>();
    const before = tasks();
    const cells = [
      fromPromise(make, { eager: false }),
      asyncSignal(make, { eager: false })[1],
      createResource({ trigger: "manual", run: fetch })[1],
      createResource(id.get, fetch)[1],
      createStreamResource(id.get, (input: number) => void inputs.push(input))[1],
    ];
    expect(tasks()).toBe(before + 2);
    for (const cell of cells) cell.dispose();
    expect(tasks()).toBe(before);
    const statuses = cells.map(({ status }) => status());
    expect(statuses).toEqual(["idle", "idle", "idle", "cancelled", "cancelled"]);
    call(1).resolve("late");
    id.set(2);
    for (const cell of cells) {
      expect(await cell.reload()).toBe(undefined);
      if ("run" in cell) expect(await (cell as { run(i: number): unknown }).run(5)).toBe(undefined);
      cell.cancel();
      cell.dispose();
    }
    await quiet();
    expect(inputs).toEqual([1]);
    expect(cells.map(({ status }) => status())).toEqual(statuses);
  });

  test("a cell takes its slot with its first run, whoever starts that, and frees it", () => {
    const id = signal(1);
    const { fetch, make } = fetcher<number>();
    const before = tasks();
    const cells = [
      fromPromise(make, { eager: false }),
      asyncSignal(make, { eager: false })[1],
      createResource({ trigger: "manual", run: fetch })[1],
      createResource(id.get, fetch, { eager: false })[1],
    ];
    expect(tasks()).toBe(before);
    for (const { run } of cells) void (run as (input: number) => Promise<unknown>)(1);
    expect(tasks()).toBe(before + 4);
    for (const { run } of cells) void (run as (input: number) => Promise<unknown>)(2);
    expect(tasks()).toBe(before + 4);
    for (const cell of cells) cell.dispose();
    expect(tasks()).toBe(before);
  });

  test("leaves no timer, no waiting run and no watcher, whatever the policies", async () => {
    const clock = fakeClock();
    const id = signal(1);
    const before = engine().counters;
    const group = createAsyncGroup();
    const policies = { retry: 3, timeoutMs: 50, debounceMs: 20, pollMs: 5, group };
    const [, resource] = createResource(id.get, async (n) => n, policies);
    const [, failing] = createResource(id.get, () => Promise.reject("bad"), policies);
    const queued = fromPromise({ run: () => new Promise(() => {}), concurrency: "queue" });
    const runs = [queued.run(1), queued.run(2), queued.mutate(3)];
    const [, late] = asyncComputed(async ({ get }) => {
      await null;
      get(id);
    });
    const shown = group.committed(id.get);
    const values = resource.values();
    const waiting = values.next();
    resource.subscribe(() => {});
    await quiet();
    id.set(2);
    await quiet();
    for (const cell of [resource, failing, queued, late, group]) cell.dispose();
    await values.return?.();
    await waiting;
    expect([await Promise.all(runs), clock.waiting]).toEqual([
      [undefined, undefined, undefined],
      [],
    ]);
    const { tasks, nodes, edges, effects } = engine().counters;
    expect([tasks, nodes, edges, effects]).toEqual([
      before.tasks,
      before.nodes,
      before.edges,
      before.effects,
    ]);
    expect(shown()).toBe(2);
    setClock(null);
  });

  test("the source effect is gone", async () => {
    const id = signal(1);
    const before = engine().counters;
    for (let i = 0; i < 100; i++) createResource(id.get, () => 1)[1].dispose();
    const after = engine().counters;
    expect([after.nodes, after.edges, after.tasks]).toEqual([
      before.nodes,
      before.edges,
      before.tasks,
    ]);
  });

  test("a cell that was created inside an effect ends with that run of it", async () => {
    const outer = signal(1);
    const before = tasks();
    const { fetch, call } = fetcher<number>();
    const dispose = createEffect(() => {
      const n = outer.get();
      createResource(
        () => n,
        (input) => fetch(input, { signal: new AbortController().signal, token: input }),
      );
      fromPromise(() => new Promise(() => {}));
    });
    expect(tasks()).toBe(before + 2);
    outer.set(2);
    await quiet();
    expect(tasks()).toBe(before + 2);
    call(1).resolve("late");
    dispose();
    expect(tasks()).toBe(before);
  });

  test("a cell that was created inside a computed is nobody's", async () => {
    const id = signal(1);
    const cells = computed(() => {
      id.get();
      return fromPromise(() => Promise.resolve("value"));
    });
    const first = cells.get();
    id.set(2);
    const second = cells.get();
    await quiet();
    expect([first.status(), second.status(), first === second]).toEqual([
      "success",
      "success",
      false,
    ]);
    first.dispose();
    second.dispose();
  });
});

describe("writing where it is refused", () => {
  test("reload, cancel and dispose of a run in flight throw inside a computed, and change nothing", () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    for (const act of ["reload", "cancel", "dispose"] as const) {
      expect(() => computed(() => cell[act]()).get()).toThrow(
        expect.objectContaining({ code: "ERR_SK_WRITE_IN_COMPUTED" }),
      );
    }
    expect([cell.status(), call(1).signal.aborted]).toEqual(["pending", false]);
  });
});

describe("a transaction that rolls back", () => {
  const rollBack = (body: () => void) =>
    expect(() =>
      transaction(() => {
        body();
        throw new Error("rolled back");
      }),
    ).toThrow("rolled back");

  test("takes back no cancel: the cell is not stuck in pending", async () => {
    const cell = fromPromise(() => new Promise(() => {}));
    rollBack(() => cell.cancel());
    expect(cell.status()).toBe("cancelled");
  });

  test("takes back no start, and no outcome", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { eager: false });
    rollBack(() => void cell.reload());
    expect(cell.status()).toBe("pending");
    call(1).resolve("value");
    await quiet();
    expect([cell.status(), cell.value()]).toEqual(["success", "value"]);
  });

  test("an effect that reads the cell sees what it came to", async () => {
    const cell = fromPromise(() => new Promise(() => {}));
    const seen: string[] = [];
    createEffect(() => {
      seen.push(cell.status());
    });
    rollBack(() => cell.cancel());
    await quiet();
    expect(seen).toEqual(["pending", "cancelled"]);
  });
});

describe("an asynchronous transaction", () => {
  test("stages nothing of a cell", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { eager: false });
    const work = transaction(async () => {
      const run = cell.reload();
      call(1).resolve("value");
      await run;
      throw new Error("rejected");
    });
    await expect(work).rejects.toThrow("rejected");
    expect([cell.status(), cell.value()]).toEqual(["success", "value"]);
  });
});
