import { asyncSignal, createResource, fromPromise } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { fetcher, quiet, uncaughtDuring } from "./support.js";

describe("A7: what reload() and run() resolve with", () => {
  test("the value of their own run", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { eager: false });
    const reloaded = cell.reload();
    call(1).resolve("one");
    expect(await reloaded).toBe("one");
    const run = cell.run();
    call(2).resolve("two");
    expect(await run).toBe("two");
  });

  test("undefined when the run was superseded, cancelled, disposed or failed", async () => {
    const { make, call } = fetcher();
    const [, meta] = asyncSignal(make, { eager: false });
    const superseded = meta.reload();
    const cancelled = meta.run();
    meta.cancel();
    const failed = meta.reload();
    call(3).reject("no");
    await quiet();
    const disposed = meta.reload();
    meta.dispose();
    const after = meta.reload();
    expect(await Promise.all([superseded, cancelled, failed, disposed, after])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("undefined as soon as the run is over, also when its promise never settles", async () => {
    const cell = fromPromise(() => new Promise(() => {}), { eager: false });
    const run = cell.reload();
    cell.cancel();
    expect(await run).toBe(undefined);
  });

  test("after the commit and the callbacks", async () => {
    const seen: string[] = [];
    const cell = fromPromise(() => Promise.resolve("value"), {
      eager: false,
      onSuccess: () => seen.push("onSuccess"),
    });
    await cell.reload().then(() => seen.push(cell.status()));
    expect(seen).toEqual(["onSuccess", "success"]);
  });

  test("they never reject", async () => {
    const errors = await uncaughtDuring(async () => {
      const failing = () => Promise.reject(new Error("no"));
      const results = await Promise.all([
        fromPromise(failing, { eager: false }).reload(),
        asyncSignal({ run: failing })[1].run(undefined),
        createResource(signal(1).get, failing)[1].reload(),
        createResource({ trigger: "manual", run: failing })[1].run(undefined),
      ]);
      expect(results).toEqual([undefined, undefined, undefined, undefined]);
    });
    expect(errors).toEqual([]);
  });

  test("the descriptor form repeats the latest input", async () => {
    const { fetch, inputs, call } = fetcher<string>();
    const cell = fromPromise({ run: fetch });
    expect([cell.status(), await cell.reload()]).toEqual(["idle", undefined]);
    const run = cell.run("a");
    call(1).resolve("A");
    expect(await run).toBe("A");
    cell.reload();
    expect(inputs).toEqual(["a", "a"]);
    const eager = fromPromise({ run: fetch, eager: true, initialInput: "b" });
    expect([eager.status(), inputs.at(-1)]).toEqual(["pending", "b"]);
  });
});
