import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import {
  kernel,
  SK_COMMIT,
  SK_IS_CANCELLED,
  SK_IS_STALE,
  SK_TASK_ERROR,
  SK_TASK_SINGLE,
  SK_TASK_STREAM,
  SK_TASK_SUCCESS,
} from "#engine";
import { fetcher, quiet } from "./support.js";

describe("A10: a committed state is never older than one already seen", () => {
  test("a thousand superseded runs that arrive late, in reverse", async () => {
    const id = signal(0);
    const { fetch, call } = fetcher<number>();
    const [value, meta] = createResource(id.get, fetch);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push(value());
    });
    for (let i = 1; i <= 1000; i++) {
      id.set(i);
      await Promise.resolve();
    }
    for (let token = 1001; token > 0; token--) {
      call(token).resolve(token);
      if (token % 100 === 0) await quiet();
    }
    await quiet();
    expect([seen, meta.status()]).toEqual([[undefined, 1001], "success"]);
  });

  test("the version that is seen only grows", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push(cell.value());
    });
    call(1).resolve(1);
    await quiet();
    cell.reload();
    cell.reload();
    call(2).resolve(2);
    await quiet();
    call(3).resolve(3);
    await quiet();
    expect(seen).toEqual([undefined, 1, 3]);
  });

  test("a stream of an old source cannot add to the new one", async () => {
    const id = signal("a");
    const emits: ((chunk: string) => void)[] = [];
    const [value] = createStreamResource(
      id.get,
      (_input, { emit }: { emit(chunk: string): void }) => void emits.push(emit),
      { initialValue: "", reduce: (current = "", chunk: string) => current + chunk },
    );
    await quiet();
    emits[0]?.("a1");
    id.set("b");
    await quiet();
    emits[1]?.("b1");
    emits[0]?.("a2");
    emits[1]?.("b2");
    expect(value()).toBe("b1b2");
  });
});

describe("the kernel's verdicts", () => {
  test("of a single-shot task", () => {
    const task = kernel.taskCreate(SK_TASK_SINGLE);
    const first = kernel.taskStart(task);
    const second = kernel.taskStart(task);
    expect([first, second]).toEqual([1, 2]);
    expect(kernel.taskSettle(task, first, SK_TASK_SUCCESS)).toBe(SK_IS_STALE);
    expect(kernel.taskSettle(task, second, SK_TASK_SUCCESS)).toBe(SK_COMMIT);
    expect(kernel.taskSettle(task, second, SK_TASK_ERROR)).toBe(SK_IS_STALE);
    expect(kernel.taskCancel(task)).toBe(SK_IS_STALE);
    const third = kernel.taskStart(task);
    expect(kernel.taskCancel(task)).toBe(SK_COMMIT);
    expect(kernel.taskSettle(task, third, SK_TASK_SUCCESS)).toBe(SK_IS_CANCELLED);
    expect(() => kernel.taskEmit(task, third)).toThrow();
    kernel.taskDispose(task);
  });

  test("of a stream task", () => {
    const task = kernel.taskCreate(SK_TASK_STREAM);
    const first = kernel.taskStart(task);
    expect(kernel.taskEmit(task, first)).toBe(SK_COMMIT);
    const second = kernel.taskStart(task);
    expect(kernel.taskEmit(task, first)).toBe(SK_IS_STALE);
    expect(kernel.taskEmit(task, second)).toBe(SK_COMMIT);
    expect(kernel.taskSettle(task, second, SK_TASK_ERROR)).toBe(SK_COMMIT);
    expect(kernel.taskEmit(task, second)).toBe(SK_IS_STALE);
    kernel.taskDispose(task);
  });

  test("a disposed task is refused, also when its slot has a new owner", () => {
    const old = kernel.taskCreate(SK_TASK_SINGLE);
    const version = kernel.taskStart(old);
    kernel.taskDispose(old);
    const reused = kernel.taskCreate(SK_TASK_SINGLE);
    kernel.taskStart(reused);
    const disposed = expect.objectContaining({ code: "ERR_SK_DISPOSED" });
    expect(() => kernel.taskSettle(old, version, SK_TASK_SUCCESS)).toThrow(disposed);
    expect(() => kernel.taskStart(old)).toThrow(disposed);
    expect(() => kernel.taskCancel(old)).toThrow(disposed);
    expect(() => kernel.taskInspect(old)).toThrow(disposed);
    expect(() => kernel.taskDispose(old)).toThrow(disposed);
    expect(kernel.taskInspect(reused)).toEqual([1, 1]);
    kernel.taskDispose(reused);
  });

  const hostile: unknown[] = [
    undefined,
    null,
    Number.NaN,
    -1,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    1.5,
    "1",
    1n,
    Symbol("task"),
    {},
    new Proxy({}, {}),
    new Date(),
  ];
  const calls = ["taskCreate", "taskStart", "taskEmit", "taskSettle", "taskCancel"] as const;

  test("a seed supersedes, and versions go on from it", () => {
    const task = kernel.taskCreate(SK_TASK_SINGLE);
    const first = kernel.taskStart(task);
    expect(kernel.taskSeed(task, 40, SK_TASK_SUCCESS)).toBe(40);
    expect(kernel.taskSettle(task, first, SK_TASK_SUCCESS)).toBe(SK_IS_STALE);
    expect(kernel.taskSettle(task, 40, SK_TASK_SUCCESS)).toBe(SK_IS_STALE);
    expect(kernel.taskStart(task)).toBe(41);
    expect(kernel.taskSeed(task, 3, SK_TASK_ERROR)).toBe(41);
    expect(kernel.taskSettle(task, 41, SK_TASK_SUCCESS)).toBe(SK_IS_STALE);
    expect(kernel.taskInspect(task)).toEqual([SK_TASK_ERROR, 41]);
    for (const state of [1, 2, 6, -1, 1.5]) expect(() => kernel.taskSeed(task, 1, state)).toThrow();
    expect(() => kernel.taskSeed(task, 2 ** 53, SK_TASK_SUCCESS)).toThrow();
    expect(kernel.taskInspect(task)).toEqual([SK_TASK_ERROR, 41]);
    kernel.taskDispose(task);
  });

  test.each([...calls, "taskSeed", "taskInspect", "taskDispose"] as const)(
    "%s refuses hostile arguments",
    (name) => {
      const call = kernel[name] as (...args: unknown[]) => unknown;
      const code = /^ERR_SK_(INVALID_ARG|DISPOSED)$/;
      for (const value of hostile) {
        const error = expect.objectContaining({ code: expect.stringMatching(code) });
        expect(() => call(value)).toThrow(error);
        expect(() => call(value, value, value, value)).toThrow(error);
        expect(() => call()).toThrow(error);
      }
      const task = kernel.taskCreate(SK_TASK_STREAM);
      kernel.taskStart(task);
      if (name === "taskEmit" || name === "taskSettle")
        for (const value of hostile.slice(0, 4)) expect(() => call(task, value, value)).toThrow();
      if (name === "taskSettle")
        for (const value of hostile) expect(() => call(task, 1, value)).toThrow();
      expect(kernel.taskInspect(task)).toEqual([1, 1]);
      kernel.taskDispose(task);
    },
  );
});
