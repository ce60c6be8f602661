import { asyncSignal, createResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { fetcher, quiet } from "./support.js";

describe("A1: statuses", () => {
  test("a run goes from pending to success", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    expect([cell.status(), cell.value(), cell.error()]).toEqual(["pending", undefined, undefined]);
    call(1).resolve("done");
    await null;
    expect([cell.status(), cell.value(), cell.error()]).toEqual(["success", "done", undefined]);
  });

  test("a run goes from pending to error, and the next success clears it", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    const failure = new Error("no");
    call(1).reject(failure);
    await null;
    expect([cell.status(), cell.value(), cell.error()]).toEqual(["error", undefined, failure]);
    cell.reload();
    expect([cell.status(), cell.error()]).toEqual(["pending", undefined]);
    call(2).resolve("yes");
    await null;
    expect([cell.status(), cell.value(), cell.error()]).toEqual(["success", "yes", undefined]);
  });

  test("a run that is cancelled is cancelled, whatever comes later", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.cancel("enough");
    expect(cell.status()).toBe("cancelled");
    call(1).resolve("late");
    await quiet();
    expect([cell.status(), cell.value()]).toEqual(["cancelled", undefined]);
  });

  test("a cell that has not run is idle", () => {
    const { make, inputs } = fetcher();
    const cell = fromPromise(make, { eager: false });
    expect([cell.status(), inputs]).toEqual(["idle", []]);
  });

  test("value, status and error of one outcome are seen together", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([cell.status(), cell.value(), cell.error()]);
    });
    call(1).resolve("a");
    await quiet();
    cell.reload();
    call(2).reject("b");
    await quiet();
    cell.reload();
    call(3).resolve("c");
    await quiet();
    expect(seen).toEqual([
      ["pending", undefined, undefined],
      ["success", "a", undefined],
      ["pending", "a", undefined],
      ["error", "a", "b"],
      ["pending", "a", undefined],
      ["success", "c", undefined],
    ]);
  });

  test("observers of one of the three do not run for the others", async () => {
    const { make, call } = fetcher();
    const [value, meta] = asyncSignal(make);
    const runs = { value: 0, status: 0, error: 0 };
    createEffect(() => {
      value();
      runs.value++;
    });
    createEffect(() => {
      meta.status();
      runs.status++;
    });
    createEffect(() => {
      meta.error();
      runs.error++;
    });
    call(1).resolve("same");
    await quiet();
    meta.reload();
    call(2).resolve("same");
    await quiet();
    expect(runs).toEqual({ value: 2, status: 4, error: 1 });
  });

  test("a source and the resource behind it are seen together", async () => {
    const id = signal(1);
    const { fetch, call } = fetcher<number>();
    const [value, meta] = createResource(id.get, fetch);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([id.get(), meta.status(), value()]);
    });
    call(1).resolve("one");
    await quiet();
    id.set(2);
    await quiet();
    call(2).resolve("two");
    await quiet();
    expect(seen).toEqual([
      [1, "pending", undefined],
      [1, "success", "one"],
      [2, "pending", "one"],
      [2, "success", "two"],
    ]);
  });
});
