import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { fetcher, quiet, uncaughtDuring } from "./support.js";

describe("A2: the latest run wins", () => {
  test.each([
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [2, 3, 1],
    [3, 1, 2],
    [3, 2, 1],
  ])("when three runs settle in the order %i, %i, %i", async (...order) => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.reload();
    cell.reload();
    const values = new Set<unknown>();
    createEffect(() => {
      values.add(cell.value());
    });
    for (const token of order) {
      call(token).resolve(`run ${token}`);
      await quiet();
    }
    expect([...values]).toEqual([undefined, "run 3"]);
    expect(cell.status()).toBe("success");
  });

  test("a late rejection of a superseded run changes nothing", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.reload();
    call(2).resolve("new");
    await quiet();
    const errors = await uncaughtDuring(() => call(1).reject(new Error("old")));
    expect(errors).toEqual([]);
    expect([cell.status(), cell.value(), cell.error()]).toEqual(["success", "new", undefined]);
  });

  test("tokens start at 1 and grow by 1", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.reload();
    cell.run();
    cell.cancel();
    cell.reload();
    expect([1, 2, 3, 4].map((token) => call(token).token)).toEqual([1, 2, 3, 4]);
  });

  test("each cell counts its own tokens", () => {
    const first = fetcher();
    const second = fetcher();
    fromPromise(first.make).reload();
    fromPromise(second.make);
    expect([first.inputs.length, second.inputs.length, second.call(1).token]).toEqual([2, 1, 1]);
  });
});

describe("A2: the signal is aborted at once, with the reason", () => {
  test("superseded", () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.reload();
    expect([call(1).signal.aborted, call(1).signal.reason]).toEqual([true, "superseded"]);
    expect(call(2).signal.aborted).toBe(false);
  });

  test("source-changed", async () => {
    const id = signal(1);
    const { fetch, call } = fetcher<number>();
    createResource(id.get, fetch);
    id.set(2);
    await null;
    expect([call(1).signal.aborted, call(1).signal.reason]).toEqual([true, "source-changed"]);
  });

  test("dispose", () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.dispose();
    expect([call(1).signal.aborted, call(1).signal.reason]).toEqual([true, "dispose"]);
  });

  test.each([["a text"], [null], [0], [false], [new Error("an error")]])(
    "what the caller gave: %s",
    (reason) => {
      const { make, call } = fetcher();
      const cell = fromPromise(make);
      cell.cancel(reason);
      expect(call(1).signal.aborted).toBe(true);
      expect(call(1).signal.reason).toBe(reason);
    },
  );

  test("an AbortError when the caller gave none", () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    cell.cancel();
    expect(call(1).signal.reason).toBeInstanceOf(DOMException);
    expect(call(1).signal.reason.name).toBe("AbortError");
  });

  test("a run that settled is not aborted", async () => {
    const { make, call } = fetcher();
    const cell = fromPromise(make);
    call(1).resolve(1);
    await quiet();
    cell.reload();
    cell.cancel();
    expect(call(1).signal.aborted).toBe(false);
  });

  test("it is aborted before the new run is visible, and its listeners see the old state", () => {
    const seen: unknown[] = [];
    const cell = fromPromise(
      ({ signal, token }) => {
        seen.push(`run ${token}`);
        signal.addEventListener("abort", () => seen.push(`abort ${token}`));
        return new Promise(() => {});
      },
      { onEvent: ({ type, token }) => seen.push(`${type} ${token}`) },
    );
    cell.reload();
    expect(seen).toEqual(["start 1", "run 1", "abort 1", "cancel 1", "start 2", "run 2"]);
  });

  test("a signal first read after the abort is aborted already", () => {
    let context: { readonly signal: AbortSignal } | undefined;
    const cell = fromPromise((given) => {
      context ??= given;
      return new Promise(() => {});
    });
    cell.cancel("gone");
    expect([context?.signal.aborted, context?.signal.reason]).toEqual([true, "gone"]);
    expect(context?.signal).toBe(context?.signal);
  });
});
