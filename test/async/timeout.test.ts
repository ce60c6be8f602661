import {
  createResource,
  createStreamResource,
  fromPromise,
  setClock,
} from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeClock, fakeClock } from "./clock.js";
import { fetcher, quiet, recorder } from "./support.js";

let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock();
});
afterEach(() => setClock(null));

const timedOut = expect.objectContaining({ name: "TimeoutError" });

describe("timeoutMs", () => {
  test("a run that takes longer is aborted and fails, with one end", async () => {
    const { log, callbacks } = recorder();
    const { make, call } = fetcher();
    const cell = fromPromise(make, { onEvent: callbacks.onEvent, timeoutMs: 100 });
    const done = cell.promise();
    await clock.pass(99);
    expect([cell.status(), call(1).signal.aborted]).toEqual(["pending", false]);
    await clock.pass(1);
    expect([cell.status(), cell.error(), call(1).signal.reason]).toEqual([
      "error",
      timedOut,
      timedOut,
    ]);
    expect(cell.error()).toBeInstanceOf(DOMException);
    await expect(done).rejects.toBe(cell.error());
    call(1).resolve("late");
    await quiet();
    expect([cell.value(), log]).toEqual([
      undefined,
      ["start 1", "error 1 The run took longer than 100 ms"],
    ]);
  });

  test("a run that is in time leaves no timer", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { timeoutMs: 100 });
    call(1).resolve("in time");
    await quiet();
    expect([cell.value(), clock.waiting]).toEqual(["in time", []]);
    cell.reload();
    call(2).reject("no");
    await quiet();
    expect(clock.waiting).toEqual([]);
  });

  test("a run that is superseded, cancelled or disposed leaves none", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch, { timeoutMs: 100 });
    await clock.pass(60);
    id.set(2);
    await quiet();
    expect([inputs, clock.waiting]).toEqual([[1, 2], [100]]);
    meta.cancel();
    expect(clock.waiting).toEqual([]);
    meta.reload();
    meta.dispose();
    expect(clock.waiting).toEqual([]);
  });

  test("with retry it is the time of one attempt, which has a signal of its own then", async () => {
    const { log, callbacks } = recorder();
    const signals: AbortSignal[] = [];
    const settle: ((value: string) => void)[] = [];
    const cell = fromPromise(
      ({ signal: aborted }) => {
        signals.push(aborted);
        return new Promise<string>((resolve) => settle.push(resolve));
      },
      { onEvent: callbacks.onEvent, timeoutMs: 100, retry: { count: 1, delayMs: 10 } },
    );
    await clock.pass(100);
    expect([cell.status(), signals[0]?.reason]).toEqual(["pending", timedOut]);
    await clock.pass(10);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    settle[0]?.("of the first attempt");
    await quiet();
    expect(cell.status()).toBe("pending");
    settle[1]?.("of the second");
    await quiet();
    expect([cell.value(), log, clock.waiting]).toEqual([
      "of the second",
      ["start 1", "success 1"],
      [],
    ]);
  });

  test("a signal that an attempt which is over asks for first is aborted", async () => {
    const contexts: { readonly signal: AbortSignal }[] = [];
    fromPromise(
      (context) => {
        contexts.push(context);
        return new Promise(() => {});
      },
      { timeoutMs: 5, retry: { count: 1, delayMs: 0 } },
    );
    await clock.pass(5);
    await clock.pass(0);
    expect(contexts.map(({ signal: { aborted } }) => aborted)).toEqual([true, false]);
  });

  test("an abort listener that reloads starts the next run", async () => {
    const { log, callbacks } = recorder();
    const cell: { reload(): unknown; status(): string } = fromPromise(
      ({ signal: aborted, token }) => {
        if (token === 1) aborted.addEventListener("abort", () => cell.reload());
        return token === 1 ? new Promise(() => {}) : Promise.resolve(token);
      },
      { onEvent: ({ type, token }) => callbacks.onEvent({ type, token }), timeoutMs: 5 },
    );
    await clock.pass(5);
    expect([cell.status(), log]).toEqual([
      "success",
      ["start 1", "error 1", "start 2", "success 2"],
    ]);
  });

  test("ends a stream that is not done, and closes what it reads", async () => {
    const closed: string[] = [];
    const [text, meta] = createStreamResource(
      () => 1,
      (_input: number, { emit, onCleanup, isCancelled }) => {
        emit("partial");
        onCleanup(() => closed.push("closed"));
        return new Promise(() => {}).then(() => isCancelled());
      },
      { timeoutMs: 50, onError: "keep-partial" },
    );
    await clock.pass(10);
    await clock.pass(50);
    expect([text(), meta.status(), meta.error(), closed]).toEqual([
      "partial",
      "error",
      timedOut,
      ["closed"],
    ]);
  });

  test.each([-1, Number.NaN, "1", null, 2 ** 31])("%j is refused", (timeoutMs) => {
    expect(() => fromPromise(async () => 1, { timeoutMs: timeoutMs as never })).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
  });
});
