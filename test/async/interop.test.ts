/**
 * Cells as promises, iterations, streams and observables.
 */
import {
  asyncSignal,
  createResource,
  createStreamResource,
  fromPromise,
  SKIP,
  valuesOf,
} from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, test } from "vitest";
import { fetcher, quiet, uncaughtDuring } from "./support.js";

/** What a promise has come to, as text. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => `value ${value}`,
    (error) => `error ${error instanceof Error ? error.name : error}`,
  );
}

describe("promise()", () => {
  test("resolves with the value of the newest run, now or later", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    const first = cell.promise();
    expect(cell.promise()).toBe(first);
    cell.reload();
    call(1).resolve("one");
    await quiet();
    call(2).resolve("two");
    expect([await first, await cell.promise()]).toEqual(["two", "two"]);
  });

  test("rejects with the error, and with the reason of a cancel", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    const failed = outcome(cell.promise());
    call(1).reject("bad");
    expect(await failed).toBe("error bad");
    expect(await outcome(cell.promise())).toBe("error bad");
    cell.reload();
    const cancelled = outcome(cell.promise());
    cell.cancel();
    expect([await cancelled, await outcome(cell.promise())]).toEqual([
      "error AbortError",
      "error AbortError",
    ]);
    cell.reload();
    const disposed = outcome(cell.promise());
    cell.dispose();
    expect(await disposed).toBe("error dispose");
  });

  test("of an idle cell waits for the next run, or for the end", async () => {
    const id = signal<number | undefined>(undefined);
    const [, meta] = createResource(
      () => id.get() ?? SKIP,
      async (n) => n * 10,
    );
    const next = meta.promise();
    id.set(1);
    expect(await next).toBe(10);
    const idle = fromPromise(async () => 1, { eager: false });
    const never = outcome(idle.promise());
    idle.dispose();
    expect([await never, await outcome(idle.promise())]).toEqual([
      "error dispose",
      "error dispose",
    ]);
  });

  test("that nobody looks at is no unhandled rejection", async () => {
    const errors = await uncaughtDuring(async () => {
      const cell = fromPromise(() => Promise.reject("bad"));
      cell.promise();
      await quiet();
      cell.promise();
      fromPromise(() => new Promise(() => {})).promise();
    });
    expect(errors).toEqual([]);
  });

  test("of a stream is what done commits", async () => {
    const [, meta] = createStreamResource(
      () => 1,
      (_input, { emit, done }) => {
        emit("a");
        done("final");
      },
    );
    expect(await meta.promise()).toBe("final");
  });
});

describe("for await", () => {
  test("gives the present value and each that is committed, and ends at dispose", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make, { initialValue: "first" });
    const seen: unknown[] = [];
    const loop = (async () => {
      for await (const value of cell) seen.push(value);
      seen.push("end");
    })();
    await quiet();
    call(1).resolve("one");
    await quiet();
    cell.reload();
    call(2).reject("skipped");
    await quiet();
    cell.reload();
    cell.mutate("guess", { run: () => new Promise(() => {}) });
    await quiet();
    cell.reload();
    call(5).resolve("five");
    await quiet();
    cell.dispose();
    await loop;
    expect(seen).toEqual(["first", "one", "five", "end"]);
  });

  test("to who is slow only the latest is given", async () => {
    const cell = fromPromise(async ({ token }) => token);
    const values = cell.values();
    expect(await values.next()).toEqual({ done: false, value: 1 });
    for (let i = 0; i < 5; i++) await cell.reload();
    expect(await values.next()).toEqual({ done: false, value: 6 });
    await cell.reload();
    cell.dispose();
    expect([await values.next(), await values.next()]).toEqual([
      { done: false, value: 7 },
      { done: true, value: undefined },
    ]);
  });

  test("return() unsubscribes, and so does leaving the loop; what never began holds nothing", async () => {
    const cell = fromPromise(async () => 1);
    const before = engine().counters.effects;
    cell.values();
    for await (const value of cell) {
      expect([value, engine().counters.effects]).toEqual([1, before + 1]);
      break;
    }
    expect(engine().counters.effects).toBe(before);
    const values = cell.values();
    await values.next();
    const waiting = values.next();
    await values.return?.();
    expect([await waiting, await values.next()]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(engine().counters.effects).toBe(before);
  });

  test("ends with the run of the effect in which it began", async () => {
    const outer = signal(1);
    const cell = fromPromise(() => new Promise(() => {}));
    const results: Promise<unknown>[] = [];
    const stop = createEffect(() => {
      outer.get();
      results.push(cell.values().next());
    });
    outer.set(2);
    await quiet();
    expect(await results[0]).toEqual({ done: true, value: undefined });
    stop();
    expect(await results[1]).toEqual({ done: true, value: undefined });
  });

  test("with errors: true an error ends it", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    const values = cell.values({ errors: true });
    const first = values.next();
    call(1).reject("bad");
    await expect(first).rejects.toBe("bad");
    expect(await values.next()).toEqual({ done: true, value: undefined });
    expect(() => cell.values({ errors: 1 as never })).toThrow(TypeError);
  });

  test("a value that compares equal is not given again", async () => {
    const cell = fromPromise(async () => ({ id: 1 }), { equals: (a, b) => a.id === b.id });
    const values = cell.values();
    await values.next();
    let given = false;
    values.next().then(() => {
      given = true;
    });
    await cell.reload();
    await quiet();
    expect(given).toBe(false);
  });

  test("of a stream gives what is done; valuesOf gives what is shown", async () => {
    let emit = (_: string) => {};
    let done = () => {};
    const [text, meta] = createStreamResource(
      () => 1,
      (_input, context) => {
        ({ emit, done } = context);
      },
      { initialValue: "", reduce: (all = "", chunk: string) => all + chunk },
    );
    const shown: unknown[] = [];
    const committed: unknown[] = [];
    const iteration = valuesOf(text);
    const loops = [
      (async () => {
        for await (const value of iteration) shown.push(value);
      })(),
      (async () => {
        for await (const value of meta) committed.push(value);
      })(),
    ];
    await quiet();
    emit("a");
    await quiet();
    emit("b");
    await quiet();
    done();
    await quiet();
    meta.dispose();
    await iteration.return?.();
    await Promise.all(loops);
    expect([shown, committed]).toEqual([
      ["", "a", "ab"],
      ["", "ab"],
    ]);
  });

  test("valuesOf of a getter that throws goes on, or ends with the error", async () => {
    const n = signal(0);
    const get = () => {
      if (n.get() === 1) throw new Error("one");
      return n.get();
    };
    const patient = valuesOf(get);
    const strict = valuesOf(get, { errors: true });
    expect([(await patient.next()).value, (await strict.next()).value]).toEqual([0, 0]);
    n.set(1);
    await quiet();
    n.set(2);
    await quiet();
    expect((await patient.next()).value).toBe(2);
    await expect(strict.next()).rejects.toThrow("one");
    await patient.return?.();
    expect(() => valuesOf(1 as never)).toThrow(TypeError);
  });
});

describe("toReadableStream()", () => {
  test("takes a value when it is read, and none ahead; closes at dispose", async () => {
    const cell = fromPromise(async ({ token }) => token);
    const before = engine().counters.effects;
    const reader = cell.toReadableStream().getReader();
    await quiet();
    expect(engine().counters.effects).toBe(before);
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    for (let i = 0; i < 5; i++) await cell.reload();
    expect(await reader.read()).toEqual({ done: false, value: 6 });
    const last = reader.read();
    cell.dispose();
    expect((await last).done).toBe(true);
  });

  test("cancel unsubscribes; an error ends it only when asked", async () => {
    const cell = fromPromise(async () => 1);
    const before = engine().counters.effects;
    const reader = cell.toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    expect(engine().counters.effects).toBe(before);
    const failing = fromPromise(({ token }) =>
      token === 1 ? Promise.reject("bad") : Promise.resolve(token),
    );
    const strict = failing.toReadableStream({ errors: true }).getReader();
    const patient = failing.toReadableStream().getReader();
    const reads = [outcome(strict.read()), patient.read()] as const;
    await quiet();
    await failing.reload();
    expect([await reads[0], await reads[1]]).toEqual(["error bad", { done: false, value: 2 }]);
    await patient.cancel();
  });
});

describe("subscribe()", () => {
  test("calls next with the present value and each that is committed, error, and complete", async () => {
    const { make, call } = fetcher();
    const [, meta] = asyncSignal(make, { initialValue: 0 });
    const seen: unknown[] = [];
    meta.subscribe({
      next: (value) => seen.push(value),
      error: (error) => seen.push(`error ${error}`),
      complete: () => seen.push("complete"),
    });
    call(1).reject("bad");
    await quiet();
    meta.reload();
    call(2).resolve(2);
    await quiet();
    meta.dispose();
    expect(seen).toEqual([0, "error bad", 2, "complete"]);
  });

  test("a function takes values; unsubscribe stops, also from inside", async () => {
    const cell = fromPromise(async ({ token }) => token);
    const before = engine().counters.effects;
    const seen: unknown[] = [];
    const subscription = cell.subscribe((value) => {
      seen.push(value);
      if (value === 2) subscription.unsubscribe();
    });
    await quiet();
    await cell.reload();
    await cell.reload();
    expect([seen, subscription.closed, engine().counters.effects]).toEqual([[1, 2], true, before]);
    subscription.unsubscribe();
  });

  test("ends with the run of the effect in which it was made, without a word", async () => {
    const outer = signal(1);
    const cell = fromPromise(async ({ token }) => token);
    const seen: unknown[] = [];
    const stop = createEffect(() => {
      outer.get();
      cell.subscribe({ next: (n) => seen.push(n), complete: () => seen.push("complete") });
    });
    await quiet();
    stop();
    await cell.reload();
    cell.dispose();
    expect(seen).toEqual([1]);
  });

  test("what an observer throws is reported, and what it reads is not tracked", async () => {
    const read = signal(0);
    const cell = fromPromise(async () => 1);
    let calls = 0;
    const errors = await uncaughtDuring(async () => {
      cell.subscribe(() => {
        calls++;
        read.get();
        throw new Error("observer");
      });
      await quiet();
      read.set(1);
    });
    expect([errors, calls]).toEqual([[new Error("observer")], 1]);
  });

  test("is found by libraries of observables", async () => {
    const key = ((Symbol as { observable?: symbol }).observable ?? "@@observable") as "observable";
    const cell = fromPromise(async () => 1) as unknown as Record<
      string,
      () => { subscribe(...args: unknown[]): { unsubscribe(): void } }
    >;
    const observable = cell[key]?.();
    const seen: unknown[] = [];
    class Observer {
      readonly prefix = "next";
      next(value: unknown) {
        seen.push(`${this.prefix} ${value}`);
      }
    }
    observable?.subscribe(new Observer());
    observable?.subscribe((value: unknown) => seen.push(value));
    await quiet();
    expect(seen.sort()).toEqual([1, "next 1"]);
    expect((observable as unknown as typeof cell)[key]?.()).toBe(observable);
  });

  test.each([1, null, { next: 1 }])("%j is no observer", (observer) => {
    expect(() => fromPromise(async () => 1).subscribe(observer as never)).toThrow(
      expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
    );
  });
});

describe("what handles have beside the published members", () => {
  const handles = () => [
    fromPromise(async () => 1),
    asyncSignal(async () => 1)[1],
    createResource(
      () => 1,
      async () => 1,
    )[1],
    createStreamResource(
      () => 1,
      () => {},
    )[1],
  ];
  const names = ["dispose", "promise", "version", "state", "values", "subscribe"] as const;

  test("is there, the same each time, works detached, and is not enumerable", () => {
    for (const handle of handles()) {
      const keys = Object.keys(handle).sort();
      for (const name of [...names, "toReadableStream", Symbol.dispose, Symbol.asyncIterator]) {
        const method = (handle as never)[name];
        expect(method).toBeTypeOf("function");
        expect((handle as never)[name]).toBe(method);
      }
      const { version, state } = handle;
      expect([version(), state().version]).toEqual([0, 0]);
      expect(Object.keys(handle).sort()).toEqual(keys);
      handle[Symbol.dispose]();
      expect(["cancelled", "pending"]).toContain(handle.status());
    }
  });

  test("is there when a handle is frozen", async () => {
    for (const handle of handles()) expect(Object.freeze(handle).version()).toBe(0);
  });

  test("can be replaced, as a spy does", () => {
    for (const handle of handles()) {
      const spy = () => "spied";
      (handle as { promise: unknown }).promise = spy;
      expect(handle.promise).toBe(spy);
    }
  });
});
