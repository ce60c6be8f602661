import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { computed, createEffect, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { deferred, fetcher, quiet, thenable, uncaughtDuring, withThenGetter } from "./support.js";

/** The state of a cell whose producer returns `make()`, when everything has settled. */
async function outcomeOf(make: () => unknown): Promise<unknown[]> {
  const cell = fromPromise(make);
  expect(cell.status()).toBe("pending");
  let outcome: unknown[] = [];
  const errors = await uncaughtDuring(async () => {
    await quiet();
    outcome = [cell.status(), cell.value(), cell.error()];
  });
  expect(errors).toEqual([]);
  return outcome;
}

const failure = new Error("failure");
const fail = () => {
  throw failure;
};

describe("A3: what a producer gets", () => {
  test("a fetcher the input and the context, a function form the context", () => {
    const received: unknown[][] = [];
    const record = (...args: unknown[]) => {
      received.push(args.map((arg) => (typeof arg === "object" && arg ? Object.keys(arg) : arg)));
      return new Promise(() => {});
    };
    createResource(() => "input", record);
    fromPromise(record);
    fromPromise({ run: record }).run("given");
    expect(received).toEqual([["input", ["token"]], [["token"]], ["given", ["token"]]]);
  });

  test("a context that can be taken apart", () => {
    fromPromise(({ signal, token }) => {
      expect([signal.aborted, token]).toEqual([false, 1]);
    });
    expect.assertions(1);
  });

  test("no dependency of what it reads", async () => {
    const read = signal(0);
    const twice = computed(() => read.get() * 2);
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    createResource(id.get, (input, context) => {
      read.get();
      twice.get();
      return fetch(input, context);
    });
    let runs = 0;
    createEffect(() => {
      runs++;
      fromPromise(() => read.get());
    });
    read.set(1);
    await quiet();
    expect([inputs, runs]).toEqual([[1], 1]);
  });
});

describe("A3: what a producer may return", () => {
  test.each<[string, () => unknown, unknown[]]>([
    ["a promise", () => Promise.resolve(1), ["success", 1, undefined]],
    ["a promise that rejects", () => Promise.reject(failure), ["error", undefined, failure]],
    ["a plain value", () => 2, ["success", 2, undefined]],
    ["undefined", () => undefined, ["success", undefined, undefined]],
    ["null", () => null, ["success", null, undefined]],
    ["a throw", fail, ["error", undefined, failure]],
    ["a thenable", () => thenable((ok: (v: number) => void) => ok(3)), ["success", 3, undefined]],
    [
      "a thenable that rejects",
      () => thenable((_: unknown, no: (e: unknown) => void) => no(failure)),
      ["error", undefined, failure],
    ],
    ["a thenable that throws", () => thenable(fail), ["error", undefined, failure]],
    [
      "a thenable that throws after it resolved",
      () =>
        thenable((ok: (v: number) => void) => {
          ok(4);
          fail();
        }),
      ["success", 4, undefined],
    ],
    [
      "a thenable that settles twice and more",
      () =>
        thenable((ok: (v: number) => void, no: (e: unknown) => void) => {
          ok(5);
          no(failure);
          ok(6);
        }),
      ["success", 5, undefined],
    ],
    [
      "a thenable that settles later, twice",
      () =>
        thenable((ok: (v: number) => void, no: (e: unknown) => void) => {
          queueMicrotask(() => {
            no(failure);
            ok(6);
          });
        }),
      ["error", undefined, failure],
    ],
    [
      "a thenable of a thenable",
      () =>
        thenable((ok: (v: unknown) => void) =>
          queueMicrotask(() => ok(thenable((inner: (v: number) => void) => inner(7)))),
        ),
      ["success", 7, undefined],
    ],
    [
      "a thenable whose then is a throwing getter",
      () => withThenGetter(fail),
      ["error", undefined, failure],
    ],
    [
      "a thenable whose value has a throwing then",
      () => thenable((ok: (v: unknown) => void) => queueMicrotask(() => ok(withThenGetter(fail)))),
      ["error", undefined, failure],
    ],
    ["an object whose then is no function", () => thenable(1), ["success", thenable(1), undefined]],
    [
      "a thenable that never settles",
      () => thenable(() => undefined),
      ["pending", undefined, undefined],
    ],
  ])("%s", async (_name, make, expected) => {
    expect(await outcomeOf(make)).toEqual(expected);
  });

  test("a promise whose constructor is a throwing getter", async () => {
    const promise = Object.defineProperty(Promise.resolve(1), "constructor", { get: fail });
    expect(await outcomeOf(() => promise)).toEqual(["error", undefined, failure]);
  });

  test("a subclass with a then of its own", async () => {
    class Late extends Promise<string> {
      // biome-ignore lint/suspicious/noThenProperty: it is what is tested
      override then<A, B>(
        ok?: ((value: string) => A | PromiseLike<A>) | null,
        no?: ((reason: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        return Promise.resolve("from then").then(ok, no);
      }
    }
    const make = () => new Late((resolve) => resolve("from the promise"));
    expect(await outcomeOf(make)).toEqual(["success", "from then", undefined]);
  });

  test.each([[undefined], [null], [0], [Symbol.for("reason")]])(
    "a rejection with %s",
    async (reason) => {
      expect(await outcomeOf(() => Promise.reject(reason))).toEqual(["error", undefined, reason]);
    },
  );
});

describe("A3: AbortErrors", () => {
  const abortError = () => new DOMException("aborted", "AbortError");

  test("one after our abort is a cancellation", async () => {
    const cell = fromPromise(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(abortError()))),
    );
    cell.cancel("stop");
    await quiet();
    expect([cell.status(), cell.error()]).toEqual(["cancelled", undefined]);
  });

  test("one that the producer made itself ends the run as an error", async () => {
    const error = abortError();
    const cell = fromPromise(() => Promise.reject(error));
    await quiet();
    expect([cell.status(), cell.error()]).toEqual(["error", error]);
  });
});

describe("A3: no cell is stuck in pending", () => {
  test("a producer that reloads, cancels or disposes its own cell", async () => {
    for (const act of ["reload", "cancel", "dispose"] as const) {
      const cell: { reload(): unknown; cancel(): void; dispose(): void; status(): string } =
        fromPromise(
          ({ token }) => {
            if (token === 1) cell[act]();
            return token;
          },
          { eager: false },
        );
      cell.reload();
      await quiet();
      expect(cell.status()).toBe(act === "reload" ? "success" : "cancelled");
    }
  });

  test("a thenable that settles inside a computed", async () => {
    let settle: (value: string) => void = () => {};
    const cell = fromPromise(() =>
      thenable((ok: (value: string) => void) => {
        settle = ok;
      }),
    );
    computed(() => settle("inside")).get();
    await quiet();
    expect([cell.status(), cell.value()]).toEqual(["success", "inside"]);
  });

  test("a run that was never awaited and rejects after dispose", async () => {
    const pending = deferred();
    const cell = fromPromise(() => pending.promise);
    cell.dispose();
    expect(await uncaughtDuring(() => pending.reject(failure))).toEqual([]);
    expect(cell.status()).toBe("cancelled");
  });
});

describe("the first reaction", () => {
  test("commits: one microtask after the promise was settled", async () => {
    const pending = deferred<string>();
    const cell = fromPromise(() => pending.promise);
    pending.resolve("now");
    expect(cell.status()).toBe("pending");
    await null;
    expect([cell.status(), cell.value()]).toEqual(["success", "now"]);
  });

  test("comes before reactions that were attached later", async () => {
    const pending = deferred<string>();
    const cell = fromPromise(() => pending.promise);
    const seen = pending.promise.then(() => cell.status());
    pending.resolve("now");
    expect(await seen).toBe("success");
  });

  test("of a foreign thenable is its callback", () => {
    let settle: (value: string) => void = () => {};
    const cell = fromPromise(() =>
      thenable((ok: (value: string) => void) => {
        settle = ok;
      }),
    );
    settle("at once");
    expect([cell.status(), cell.value()]).toEqual(["success", "at once"]);
  });

  test("runs the observers", async () => {
    const pending = deferred<string>();
    const cell = fromPromise(() => pending.promise);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push(cell.status());
    });
    pending.resolve("now");
    await null;
    expect(seen).toEqual(["pending", "success"]);
  });
});
