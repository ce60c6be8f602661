import {
  asyncSignal,
  createResource,
  createStreamResource,
  fromPromise,
  setClock,
} from "@signal-kernel/async-runtime";
import { computed, createEffect, signal } from "@signal-kernel/core";
import { afterEach, describe, expect, test } from "vitest";
import { fakeClock } from "./clock.js";
import { fetcher, quiet } from "./support.js";

afterEach(() => setClock(null));

const idle = {
  status: "idle",
  value: undefined,
  error: undefined,
  refreshing: false,
  stale: false,
  version: 0,
  updatedAt: undefined,
};

describe("A14: state()", () => {
  test("is one frozen record of one outcome", async () => {
    const clock = fakeClock();
    const { make, call } = fetcher();
    const cell = fromPromise(make, { eager: false });
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push(cell.state());
    });
    cell.reload();
    call(1).resolve("one");
    await quiet();
    clock.time = 2000;
    cell.reload();
    call(2).reject("bad");
    await quiet();
    clock.time = 3000;
    cell.reload();
    cell.cancel();
    const one = { ...idle, value: "one", version: 1, updatedAt: 1000 };
    const two = { ...one, version: 2, updatedAt: 2000, stale: true };
    expect(seen).toEqual([
      idle,
      { ...idle, status: "pending" },
      { ...one, status: "success" },
      { ...one, status: "pending", refreshing: true, stale: true },
      { ...two, status: "error", error: "bad" },
      { ...two, status: "pending", refreshing: true },
      { ...two, status: "cancelled" },
    ]);
    expect(seen.every(Object.isFrozen)).toBe(true);
  });

  test("is the same object while nothing has changed", async () => {
    const [, meta] = asyncSignal(async () => 1);
    const pending = meta.state();
    expect(meta.state()).toBe(pending);
    await quiet();
    const { state } = meta;
    expect(state()).not.toBe(pending);
    expect(state()).toBe(state());
    expect(computed(() => meta.state()).get()).toBe(state());
  });

  test("a success with an equal value is a new version", async () => {
    const cell = fromPromise(async () => "same");
    await quiet();
    const first = cell.state();
    await cell.reload();
    expect([first.version, cell.state().version, cell.version()]).toEqual([1, 2, 2]);
  });

  test("of a stream", async () => {
    fakeClock();
    let emit = (_: string) => {};
    let done = () => {};
    const [, meta] = createStreamResource(
      () => 1,
      (_input, context) => {
        ({ emit, done } = context);
      },
    );
    await quiet();
    emit("a");
    const streaming = { ...idle, status: "streaming", value: "a", refreshing: true };
    expect(meta.state()).toEqual(streaming);
    done();
    expect(meta.state()).toEqual({
      ...idle,
      status: "success",
      value: "a",
      version: 1,
      updatedAt: 1000,
    });
  });

  test("the value of an earlier input is stale, and so is a guess", async () => {
    const id = signal(1);
    const { fetch, call } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch);
    call(1).resolve("one");
    await quiet();
    expect(meta.state().stale).toBe(false);
    id.set(2);
    await quiet();
    expect(meta.state().stale).toBe(true);
    meta.mutate("guess", { run: () => new Promise(() => {}) });
    expect([meta.state().value, meta.state().stale, meta.version()]).toEqual(["guess", true, 1]);
  });

  test("version() is tracked, and asked for late", async () => {
    const cell = fromPromise(async () => 1);
    await cell.reload();
    const seen: number[] = [];
    createEffect(() => {
      seen.push(cell.version());
    });
    await cell.reload();
    await quiet();
    expect(seen).toEqual([2, 3]);
  });
});
