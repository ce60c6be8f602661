import { createStreamResource, fromPromise, setClock } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeClock, fakeClock } from "./clock.js";
import { quiet, recorder, uncaughtDuring } from "./support.js";

let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock();
});
afterEach(() => setClock(null));

/** A producer that fails with 1, 2, ... until attempt `works`. */
function failing(works: number) {
  const calls: { token: number; signal: AbortSignal }[] = [];
  const make = async ({ token, signal: aborted }: { token: number; signal: AbortSignal }) => {
    calls.push({ token, signal: aborted });
    if (calls.length < works) throw new Error(`attempt ${calls.length}`);
    return `value ${calls.length}`;
  };
  return { make, calls };
}

describe("retry", () => {
  test("is off by default", async () => {
    const { make, calls } = failing(2);
    const cell = fromPromise(make);
    await quiet();
    expect([cell.status(), calls.length, clock.waiting]).toEqual(["error", 1, []]);
  });

  test("is one run: one token, one signal, one start, one end", async () => {
    const { log, callbacks } = recorder();
    const { make, calls } = failing(3);
    const cell = fromPromise(make, { ...callbacks, retry: { count: 2, delayMs: 50 } });
    const seen: string[] = [];
    createEffect(() => {
      seen.push(cell.status());
    });
    const done = cell.promise();
    await quiet();
    expect([cell.status(), cell.error(), clock.waiting]).toEqual(["pending", undefined, [50]]);
    await clock.pass(50);
    await clock.pass(50);
    expect([await done, cell.value(), cell.version()]).toEqual(["value 3", "value 3", 1]);
    expect(calls.map(({ token }) => token)).toEqual([1, 1, 1]);
    expect(new Set(calls.map((call) => call.signal)).size).toBe(1);
    expect(log).toEqual(["start 1", "success 1", "onSuccess value 3"]);
    expect(seen).toEqual(["pending", "success"]);
  });

  test("ends with the error of the last attempt", async () => {
    const { log, callbacks } = recorder();
    const { make } = failing(9);
    const cell = fromPromise(make, { onEvent: callbacks.onEvent, retry: { count: 1, delayMs: 0 } });
    await quiet();
    await clock.pass(0);
    expect([cell.status(), log]).toEqual(["error", ["start 1", "error 1 attempt 2"]]);
    expect(clock.waiting).toEqual([]);
  });

  test("a number waits 100, 200, 400 ms, and so on up to 30 s", async () => {
    const { make } = failing(99);
    fromPromise(make, { retry: 12 });
    const delays: number[] = [];
    for (await quiet(); clock.waiting.length > 0; await clock.pass(delays.at(-1) as number))
      delays.push(clock.waiting[0] as number);
    expect(delays).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000,
    ]);
  });

  test("backoff, maxDelayMs and jitter make the delay", async () => {
    const asked: number[] = [];
    const backoff = (attempt: number) => {
      asked.push(attempt);
      return [10, -5, Number.NaN, Number.POSITIVE_INFINITY, 400][attempt - 1] as number;
    };
    fromPromise(failing(9).make, { retry: { count: 5, backoff, maxDelayMs: 300 } });
    const delays: number[] = [];
    for (await quiet(); clock.waiting.length > 0; await clock.pass(delays.at(-1) as number))
      delays.push(clock.waiting[0] as number);
    expect([asked, delays]).toEqual([
      [1, 2, 3, 4, 5],
      [10, 0, 0, 300, 300],
    ]);
    for (const [jitter, least] of [
      [true, 0],
      [0.2, 80],
      [false, 100],
    ] as const) {
      fromPromise(failing(2).make, { retry: { count: 1, delayMs: 100, jitter } });
      await quiet();
      const [delay] = clock.waiting;
      expect(delay).toBeGreaterThanOrEqual(least);
      expect(delay).toBeLessThanOrEqual(100);
      await clock.pass(100);
    }
  });

  test("when says which errors are worth it", async () => {
    const seen: unknown[] = [];
    const when = (error: unknown, attempt: number) => {
      seen.push([(error as Error).message, attempt]);
      return attempt < 2;
    };
    const cell = fromPromise(failing(9).make, { retry: { count: 5, delayMs: 1, when } });
    await quiet();
    await clock.pass(1);
    expect([cell.status(), seen]).toEqual([
      "error",
      [
        ["attempt 1", 1],
        ["attempt 2", 2],
      ],
    ]);
  });

  test("a function of the option that throws is reported, and the run ends with its own error", async () => {
    const thrown = new Error("when");
    const errors = await uncaughtDuring(async () => {
      const cell = fromPromise(failing(9).make, {
        retry: {
          count: 5,
          when: () => {
            throw thrown;
          },
        },
      });
      await quiet();
      expect([cell.status(), (cell.error() as Error).message]).toEqual(["error", "attempt 1"]);
    });
    expect(errors).toEqual([thrown]);
  });

  test.each(["cancel", "reload", "dispose"] as const)(
    "%s while it waits: no further attempt of that run",
    async (act) => {
      const { log, callbacks } = recorder();
      const { make, calls } = failing(2);
      const cell = fromPromise(make, { onEvent: callbacks.onEvent, retry: 3 });
      await quiet();
      cell[act]();
      await clock.pass(10_000);
      const first = ["start 1", expect.stringMatching(/^cancel 1/)];
      expect(log).toEqual(act === "reload" ? [...first, "start 2", "success 2"] : first);
      expect(calls.map(({ token }) => token)).toEqual(act === "reload" ? [1, 2] : [1]);
      expect(calls[0]?.signal.aborted).toBe(true);
    },
  );

  test("a cancel from `when` is the end of the run", async () => {
    const { log, callbacks } = recorder();
    const cell: { cancel(): void; status(): string } = fromPromise(failing(9).make, {
      onEvent: ({ type }) => callbacks.onEvent({ type, token: 1 }),
      retry: {
        count: 3,
        when: () => {
          cell.cancel();
          return true;
        },
      },
    });
    await quiet();
    expect([cell.status(), log, clock.waiting]).toEqual(["cancelled", ["start 1", "cancel 1"], []]);
  });

  test("of a stream starts from the initial value; the failed attempt is not heard any more", async () => {
    const late: (() => void)[] = [];
    const ended: number[] = [];
    let attempt = 0;
    const [text, meta] = createStreamResource(
      () => "in",
      (_input: string, { emit, done, fail, onCleanup, isCancelled }) => {
        const n = ++attempt;
        onCleanup(() => ended.push(n));
        emit(`${n}a`);
        if (n === 2) return done();
        fail(new Error("once"));
        late.push(() => {
          emit("late");
          done();
          expect(isCancelled()).toBe(true);
        });
      },
      { initialValue: "", reduce: (all = "", chunk: string) => all + chunk, retry: 1 },
    );
    await quiet();
    expect([text(), meta.status(), ended]).toEqual(["1a", "streaming", [1]]);
    late[0]?.();
    expect(text()).toBe("1a");
    await clock.pass(100);
    expect([text(), meta.status(), meta.stableValue(), ended]).toEqual([
      "2a",
      "success",
      "2a",
      [1, 2],
    ]);
  });

  test("an input function that throws is not retried", async () => {
    const id = signal(1);
    const { createResource } = await import("@signal-kernel/async-runtime");
    const [, meta] = createResource(
      () => {
        id.get();
        throw new Error("no input");
      },
      () => 1,
      { retry: 3 },
    );
    expect([meta.status(), clock.waiting]).toEqual(["error", []]);
  });

  test.each([
    -1,
    1.5,
    "3",
    null,
    {},
    { count: -1 },
    { count: 1, delayMs: -1 },
    { count: 1, delayMs: 2 ** 31 },
    { count: 1, backoff: 5 },
    { count: 1, jitter: 2 },
    { count: 1, when: true },
    { count: 1, maxDelayMs: "1" },
  ])("%j is refused", (retry) => {
    expect(() => fromPromise(async () => 1, { retry: retry as never })).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
  });
});
