import { createResource, createRevision, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { describe, expect, test, vi } from "vitest";
import { fetcher, quiet, recorder, uncaughtDuring } from "./support.js";

describe("A5: events", () => {
  test("have type, token and ts, and an error or a reason", async () => {
    const events: object[] = [];
    const { make, call } = fetcher();
    vi.useFakeTimers({ toFake: ["Date"], now: 1234 });
    try {
      const cell = fromPromise(make, { onEvent: (event) => events.push(event) });
      call(1).resolve(1);
      await quiet();
      cell.reload();
      call(2).reject("bad");
      await quiet();
      cell.reload();
      cell.cancel("why");
    } finally {
      vi.useRealTimers();
    }
    expect(events).toEqual([
      { type: "start", token: 1, ts: 1234 },
      { type: "success", token: 1, ts: 1234 },
      { type: "start", token: 2, ts: 1234 },
      { type: "error", token: 2, ts: 1234, error: "bad" },
      { type: "start", token: 3, ts: 1234 },
      { type: "cancel", token: 3, ts: 1234, reason: "why" },
    ]);
  });

  test("on start: abort, commit, event, producer", async () => {
    const { log, note, callbacks } = recorder();
    const cell: { status(): string; reload(): unknown } = fromPromise(
      ({ signal, token }) => {
        note(`producer ${token}, ${cell.status()}`);
        signal.addEventListener("abort", () => note(`abort ${token}, ${cell.status()}`));
        return token === 1 ? Promise.resolve("value") : new Promise(() => {});
      },
      { ...callbacks, eager: false },
    );
    createEffect(() => {
      note(`seen ${cell.status()}`);
    });
    cell.reload();
    await quiet();
    log.length = 0;
    cell.reload();
    expect(log).toEqual(["seen pending", "start 2", "producer 2, pending"]);
    log.length = 0;
    cell.reload();
    expect(log).toEqual([
      "abort 2, pending",
      "cancel 2 superseded",
      "onCancel superseded",
      "start 3",
      "producer 3, pending",
    ]);
  });

  test("on success: commit, event, onSuccess, invalidations", async () => {
    const { log, note, callbacks } = recorder();
    const revision = createRevision();
    const [value, meta] = createResource({
      trigger: "manual",
      run: async (input: number) => input * 2,
      ...callbacks,
      invalidates: {
        invalidate() {
          note("invalidate");
          revision.invalidate();
        },
      },
    });
    createEffect(() => {
      note(`seen ${meta.status()} ${value()}`);
    });
    await meta.run(2);
    expect(log).toEqual([
      "seen idle undefined",
      "seen pending undefined",
      "start 1",
      "seen success 4",
      "success 1",
      "onSuccess 4",
      "invalidate",
    ]);
  });

  test("on error: commit, event, onError", async () => {
    const { log, note, callbacks } = recorder();
    const cell = fromPromise(() => Promise.reject("bad"), callbacks);
    createEffect(() => {
      note(`seen ${cell.status()} ${cell.error()}`);
    });
    log.length = 0;
    await quiet();
    expect(log).toEqual(["seen error bad", "error 1 bad", "onError bad"]);
  });

  test("on cancel: abort, commit, event, onCancel", () => {
    const { log, note, callbacks } = recorder();
    const cell = fromPromise(({ signal }) => {
      signal.addEventListener("abort", () => note("abort"));
      return new Promise(() => {});
    }, callbacks);
    createEffect(() => {
      note(`seen ${cell.status()}`);
    });
    log.length = 0;
    cell.cancel("enough");
    expect(log).toEqual(["abort", "seen cancelled", "cancel 1 enough", "onCancel enough"]);
  });

  test("every run ends in exactly one terminal event", async () => {
    const { log, callbacks } = recorder();
    const { make, call } = fetcher();
    const cell = fromPromise(make, { onEvent: callbacks.onEvent });
    cell.reload();
    call(1).resolve("late");
    call(2).resolve("value");
    await quiet();
    cell.cancel("after the end");
    cell.reload();
    cell.cancel("in time");
    call(3).reject("late");
    await quiet();
    cell.reload();
    cell.dispose();
    cell.reload();
    expect(log).toEqual([
      "start 1",
      "cancel 1 superseded",
      "start 2",
      "success 2",
      "start 3",
      "cancel 3 in time",
      "start 4",
      "cancel 4 dispose",
    ]);
  });
});

describe("A5: callbacks that throw", () => {
  test.each([
    ["onEvent", "success", "value"],
    ["onSuccess", "success", "value"],
    ["onError", "error", undefined],
    ["onCancel", "cancelled", undefined],
  ] as const)("%s corrupts nothing, and is reported", async (name, status, value) => {
    const thrown = new Error(name);
    const cell = fromPromise(
      () => (name === "onError" ? Promise.reject("bad") : Promise.resolve("value")),
      {
        eager: false,
        [name]: () => {
          throw thrown;
        },
      },
    );
    const results: unknown[] = [];
    const errors = await uncaughtDuring(async () => {
      const run = cell.reload();
      if (name === "onCancel") cell.cancel();
      results.push(await run);
    });
    expect(errors).toEqual(name === "onEvent" ? [thrown, thrown] : [thrown]);
    expect([cell.status(), results]).toEqual([status, [value]]);
    await uncaughtDuring(() => cell.reload());
    expect(cell.status()).toBe(name === "onCancel" ? "success" : status);
  });

  test("one that rejects is reported as well", async () => {
    const thrown = new Error("rejected");
    const errors = await uncaughtDuring(() => {
      fromPromise(() => 1, { onSuccess: () => Promise.reject(thrown) });
    });
    expect(errors).toEqual([thrown]);
  });

  test("what effects throw at a commit does not reach the cell or its caller", async () => {
    const cell = fromPromise(() => Promise.resolve("value"), { eager: false });
    const thrown = new Error("effect");
    createEffect(() => {
      if (cell.status() === "pending") throw thrown;
    });
    const results: unknown[] = [];
    const errors = await uncaughtDuring(async () => {
      results.push(await cell.reload());
    });
    expect([errors, results, cell.status()]).toEqual([[thrown], ["value"], "success"]);
  });
});

describe("A5: callbacks that call back", () => {
  test("reload() from onSuccess, cancel() from onCancel", async () => {
    let cancels = 0;
    const cell: { reload(): unknown; cancel(reason: string): void; value(): unknown } = fromPromise(
      ({ token }) => Promise.resolve(token),
      {
        eager: false,
        onSuccess: (token) => {
          if (token < 3) cell.reload();
        },
        onCancel: () => {
          cancels++;
          cell.cancel("again");
        },
      },
    );
    cell.reload();
    await quiet();
    expect(cell.value()).toBe(3);
    cell.reload();
    cell.cancel("once");
    expect(cancels).toBe(1);
  });

  test("reload() from the event of a superseded run: order and tokens stay whole", async () => {
    const { log, callbacks } = recorder();
    let again = true;
    const { make, call, inputs } = fetcher();
    const cell: { reload(): unknown; value(): unknown } = fromPromise(make, {
      onEvent: (event) => {
        callbacks.onEvent(event);
        if (event.type === "cancel" && again) {
          again = false;
          cell.reload();
        }
      },
    });
    cell.reload();
    call(3).resolve("third");
    await quiet();
    expect(log).toEqual([
      "start 1",
      "cancel 1 superseded",
      "start 2",
      "cancel 2 superseded",
      "start 3",
      "success 3",
    ]);
    expect([cell.value(), inputs.length]).toEqual(["third", 2]);
  });

  test("cancel() from the start event: the producer is not called", () => {
    const { make, inputs } = fetcher();
    const cell: { cancel(): void; reload(): unknown; status(): string } = fromPromise(make, {
      eager: false,
      onEvent: ({ type }) => type === "start" && cell.cancel(),
    });
    cell.reload();
    expect([cell.status(), inputs]).toEqual(["cancelled", []]);
  });

  test("an effect that reloads at the commit: the end is told before the next start", async () => {
    const { log, callbacks } = recorder();
    const cell = fromPromise(({ token }) => Promise.resolve(token), {
      onEvent: callbacks.onEvent,
    });
    createEffect(() => {
      if (cell.value() === 1) cell.reload();
    });
    await quiet();
    expect(log).toEqual(["start 1", "success 1", "start 2", "success 2"]);
  });

  test("dispose() from every callback", async () => {
    for (const type of ["start", "success", "error", "cancel"]) {
      const { log, callbacks } = recorder();
      const cell: { dispose(): void; reload(): unknown; cancel(): void } = fromPromise(
        () => (type === "error" ? Promise.reject("bad") : Promise.resolve("value")),
        {
          eager: false,
          onEvent: (event) => {
            callbacks.onEvent({ ...event, reason: undefined });
            if (event.type === type) cell.dispose();
          },
        },
      );
      cell.reload();
      if (type === "cancel") cell.cancel();
      await quiet();
      cell.reload();
      const end = type === "start" ? "cancel" : type;
      expect(log).toEqual(["start 1", end === "error" ? "error 1 bad" : `${end} 1`]);
    }
  });

  test("what callbacks read is not tracked", async () => {
    const read = signal(0);
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    createResource(id.get, fetch, { onEvent: () => read.get() });
    read.set(1);
    await quiet();
    expect(inputs).toEqual([1]);
  });
});
