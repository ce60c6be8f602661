import { asyncSignal, createResource, fromPromise } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { fetcher, quiet } from "./support.js";

describe("A4: keepPreviousValueOnPending", () => {
  test("keeps the value by default", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    call(1).resolve("first");
    await quiet();
    cell.reload();
    expect([cell.status(), cell.value()]).toEqual(["pending", "first"]);
  });

  test("false: the value is undefined until success", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { keepPreviousValueOnPending: false });
    call(1).resolve("first");
    await quiet();
    cell.reload();
    expect([cell.status(), cell.value()]).toEqual(["pending", undefined]);
    call(2).resolve("second");
    await quiet();
    expect([cell.status(), cell.value()]).toEqual(["success", "second"]);
  });

  test("on error and cancel the value keeps its content", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    call(1).resolve("first");
    await quiet();
    cell.reload();
    call(2).reject("no");
    await quiet();
    expect([cell.status(), cell.value()]).toEqual(["error", "first"]);
    cell.reload();
    cell.cancel();
    expect([cell.status(), cell.value()]).toEqual(["cancelled", "first"]);
  });

  test("the meta says which it is", () => {
    const { make, fetch } = fetcher();
    expect(asyncSignal(make)[1].keepPreviousValueOnPending).toBe(true);
    const off = { keepPreviousValueOnPending: false };
    expect(asyncSignal(make, off)[1].keepPreviousValueOnPending).toBe(false);
    expect(createResource(signal(1).get, fetch, off)[1].keepPreviousValueOnPending).toBe(false);
  });
});
