import { createStreamResource, type StreamContext } from "@signal-kernel/async-runtime";
import { batch, createEffect, flushSync, signal } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { quiet, recorder, uncaughtDuring } from "./support.js";

type Context = StreamContext<string, string>;
const text = { initialValue: "", reduce: (current = "", chunk: string) => current + chunk };

/** A stream driven by hand: `at(n)` is the context of its nth run whose producer was called. */
function stream(options: object = {}, source = signal("input")) {
  const contexts: Context[] = [];
  const inputs: string[] = [];
  const [value, meta] = createStreamResource(
    source.get,
    (input: string, context: Context) => {
      inputs.push(input);
      contexts.push(context);
    },
    { ...text, ...options },
  );
  const at = (n: number) => contexts[n - 1] as Context;
  const state = () => [meta.status(), value(), meta.stableValue()];
  return { source, value, meta, at, inputs, state };
}

describe("A8: a stream", () => {
  test("emit reduces, set replaces, done commits the stable value", async () => {
    const { at, state } = stream();
    expect(state()).toEqual(["pending", "", ""]);
    await quiet();
    at(1).emit("a");
    at(1).emit("b");
    expect(state()).toEqual(["streaming", "ab", ""]);
    at(1).set("x");
    at(1).emit("y");
    expect(state()).toEqual(["streaming", "xy", ""]);
    at(1).done();
    expect(state()).toEqual(["success", "xy", "xy"]);
  });

  test("done(final) commits that", async () => {
    const { at, state } = stream();
    await quiet();
    at(1).emit("part");
    at(1).done("whole");
    expect(state()).toEqual(["success", "whole", "whole"]);
  });

  test("done without a chunk commits the initial value", async () => {
    const { at, state } = stream({ initialValue: "nothing" });
    await quiet();
    at(1).done();
    expect(state()).toEqual(["success", "nothing", "nothing"]);
  });

  test("without reduce a chunk replaces the value", async () => {
    const { at, state } = stream({ reduce: undefined });
    await quiet();
    at(1).emit("a");
    at(1).emit("b");
    expect(state()).toEqual(["streaming", "b", ""]);
  });

  test("each run accumulates from the initial value; the old one stays until the first chunk", async () => {
    const { at, state, source, inputs } = stream();
    await quiet();
    at(1).emit("first");
    at(1).done();
    source.set("next");
    await quiet();
    expect(state()).toEqual(["pending", "first", "first"]);
    at(2).emit("second");
    expect(state()).toEqual(["streaming", "second", "first"]);
    expect(inputs).toEqual(["input", "next"]);
  });

  test("fail ends it with an error", async () => {
    const { at, meta, state } = stream();
    await quiet();
    at(1).emit("a");
    at(1).fail("broken");
    expect([...state(), meta.error()]).toEqual(["error", "", "", "broken"]);
  });

  test.each([
    [
      "a throw",
      () => {
        throw "thrown";
      },
    ],
    ["a rejection", () => Promise.reject("thrown")],
  ])("%s of the producer ends it with an error", async (_name, streamer) => {
    const [, meta] = createStreamResource(() => 1, streamer);
    await quiet();
    expect([meta.status(), meta.error()]).toEqual(["error", "thrown"]);
  });

  test("its return is not completion", async () => {
    const [, meta] = createStreamResource(
      () => 1,
      async (_input, { emit }: Context) => emit("a"),
    );
    await quiet();
    expect(meta.status()).toBe("streaming");
  });

  test("the input function throws: the cell is in error and recovers", async () => {
    const id = signal(0);
    const [, meta] = createStreamResource(
      () => {
        if (id.get() === 0) throw "no input";
        return id.get();
      },
      (_input, { done }: Context) => done("x"),
    );
    expect([meta.status(), meta.error()]).toEqual(["error", "no input"]);
    id.set(1);
    await quiet();
    expect([meta.status(), meta.error()]).toEqual(["success", undefined]);
  });

  test("the descriptor form: input, observe, stream", async () => {
    const extra = signal(0);
    const inputs: unknown[] = [];
    const [, meta] = createStreamResource({
      observe: extra.get,
      stream: (input: unknown, { done }: StreamContext<string, string>) => {
        inputs.push(input);
        done("x");
      },
    });
    expect(meta.status()).toBe("pending");
    await quiet();
    extra.set(1);
    await quiet();
    expect(inputs).toEqual([undefined, undefined]);
  });

  test("reload runs again, and resolves with the committed value", async () => {
    const { at, meta } = stream();
    await quiet();
    const reloaded = meta.reload();
    expect([at(1).signal.aborted, at(1).signal.reason]).toEqual([true, "reload"]);
    await quiet();
    at(2).done("value");
    expect(await reloaded).toBe("value");
    const cancelled = meta.reload();
    meta.cancel();
    expect(await cancelled).toBe(undefined);
  });
});

describe("A8: policies", () => {
  test.each([
    ["keep-partial", "partial"],
    ["rollback", "stable"],
    [undefined, "stable"],
    ["clear", ""],
  ])("%s on cancel, on error and when the source changes", async (policy, expected) => {
    for (const end of ["cancel", "error", "source"]) {
      const { at, meta, source, state } = stream({ onCancel: policy, onError: policy });
      await quiet();
      at(1).done("stable");
      meta.reload();
      await quiet();
      at(2).emit("partial");
      if (end === "cancel") meta.cancel();
      if (end === "error") at(2).fail("broken");
      if (end === "source") source.set("next");
      await quiet();
      const status = { cancel: "cancelled", error: "error", source: "pending" }[end];
      expect(state()).toEqual([status, expected, "stable"]);
    }
  });

  test("of cancel and error are apart", async () => {
    const { at, meta, state } = stream({ onCancel: "keep-partial", onError: "clear" });
    await quiet();
    at(1).emit("a");
    meta.cancel();
    expect(state()).toEqual(["cancelled", "a", ""]);
    meta.reload();
    await quiet();
    at(2).emit("b");
    at(2).fail("broken");
    expect(state()).toEqual(["error", "", ""]);
  });
});

describe("A8: timing", () => {
  test("the producer starts two microtasks after creation", async () => {
    const { inputs } = stream();
    expect(inputs).toEqual([]);
    await null;
    expect(inputs).toEqual([]);
    await null;
    expect(inputs).toEqual(["input"]);
  });

  test("a burst of source changes starts one producer", async () => {
    const { source, inputs, meta } = stream();
    for (const input of ["a", "b", "c"]) {
      source.set(input);
      flushSync();
    }
    await quiet();
    expect([inputs, meta.status()]).toEqual([["c"], "pending"]);
  });

  test("emits of one synchronous stretch run observers once, and are read at once", async () => {
    const { at, value, meta } = stream();
    await quiet();
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([meta.status(), value()]);
    });
    for (const chunk of ["a", "b", "c"]) at(1).emit(chunk);
    expect(value()).toBe("abc");
    expect(seen).toEqual([["pending", ""]]);
    await null;
    expect(seen).toEqual([
      ["pending", ""],
      ["streaming", "abc"],
    ]);
    at(1).emit("d");
    at(1).done();
    expect(seen.slice(2)).toEqual([["success", "abcd"]]);
  });

  test("it is pending at once, never idle", () => {
    const seen: string[] = [];
    const { meta } = stream();
    createEffect(() => {
      seen.push(meta.status());
    });
    expect(seen).toEqual(["pending"]);
  });
});

describe("A8: the end of a run", () => {
  test("late calls of a closed run do nothing", async () => {
    const { at, meta, state, source } = stream();
    await quiet();
    const late = () => {
      at(1).emit("late");
      at(1).set("late");
      at(1).done("late");
      at(1).fail("late");
    };
    at(1).done("value");
    late();
    expect(state()).toEqual(["success", "value", "value"]);
    meta.reload();
    late();
    expect(state()).toEqual(["pending", "value", "value"]);
    await quiet();
    at(2).emit("new");
    late();
    expect(state()).toEqual(["streaming", "new", "value"]);
    source.set("next");
    await quiet();
    at(2).done("late");
    meta.cancel();
    at(3).done("late");
    expect(state()).toEqual(["cancelled", "value", "value"]);
    meta.dispose();
    late();
    expect([...state(), meta.error()]).toEqual(["cancelled", "value", "value", undefined]);
  });

  test.each([
    ["source-changed", ({ source }: ReturnType<typeof stream>) => source.set("next")],
    ["reload", ({ meta }: ReturnType<typeof stream>) => void meta.reload()],
    ["dispose", ({ meta }: ReturnType<typeof stream>) => meta.dispose()],
    ["given", ({ meta }: ReturnType<typeof stream>) => meta.cancel("given")],
  ])("the signal is aborted with %s, and isCancelled says so", async (reason, end) => {
    const driven = stream();
    await quiet();
    const { signal: aborted, isCancelled } = driven.at(1);
    expect([aborted.aborted, isCancelled()]).toEqual([false, false]);
    end(driven);
    flushSync();
    expect([aborted.aborted, aborted.reason, isCancelled()]).toEqual([true, reason, true]);
  });

  test("a run that ended by itself is not cancelled", async () => {
    const { at } = stream();
    await quiet();
    at(1).done();
    expect([at(1).isCancelled(), at(1).signal.aborted]).toEqual([false, false]);
  });

  test.each(["done", "fail", "cancel", "reload", "dispose"] as const)(
    "cleanups run on %s: last registered first, each exactly once",
    async (end) => {
      const { at, meta } = stream();
      await quiet();
      const log: string[] = [];
      for (const name of ["a", "b", "c"]) at(1).onCleanup(() => log.push(name));
      if (end === "done" || end === "fail") at(1)[end]("x");
      else meta[end]();
      at(1).done();
      meta.cancel();
      meta.dispose();
      expect(log).toEqual(["c", "b", "a"]);
      at(1).onCleanup(() => log.push("late"));
      expect(log).toEqual(["c", "b", "a", "late"]);
    },
  );

  test("a cleanup that throws stops no other, and is reported", async () => {
    const { at, meta } = stream();
    await quiet();
    const log: string[] = [];
    const thrown = new Error("cleanup");
    at(1).onCleanup(() => log.push("a"));
    at(1).onCleanup(() => {
      throw thrown;
    });
    at(1).onCleanup(() => log.push("c"));
    expect(await uncaughtDuring(() => meta.cancel())).toEqual([thrown]);
    expect(log).toEqual(["c", "a"]);
  });

  test("events and callbacks: order", async () => {
    const { log, note, callbacks } = recorder();
    const { at, meta } = stream({
      onEvent: callbacks.onEvent,
      onSuccess: callbacks.onSuccess,
      onErrorEffect: callbacks.onError,
      onCancelEffect: callbacks.onCancel,
    });
    createEffect(() => {
      note(`seen ${meta.status()}`);
    });
    await quiet();
    at(1).done("value");
    meta.reload();
    await quiet();
    at(2).fail("bad");
    meta.reload();
    await quiet();
    at(3).signal.addEventListener("abort", () => note("abort"));
    at(3).onCleanup(() => note("cleanup"));
    meta.cancel("why");
    expect(log).toEqual([
      "start 1",
      "seen pending",
      "seen success",
      "success 1",
      "onSuccess value",
      "seen pending",
      "start 2",
      "seen error",
      "error 2 bad",
      "onError bad",
      "seen pending",
      "start 3",
      "abort",
      "seen cancelled",
      "cleanup",
      "cancel 3 why",
      "onCancel why",
    ]);
  });
});

describe("A8: a reducer", () => {
  test("that throws fails the run by the policy, and stops the producer", async () => {
    const thrown = new Error("reduce");
    const { at, meta, state } = stream({
      reduce: (current: string, chunk: string) => {
        if (chunk === "bad") throw thrown;
        return current + chunk;
      },
    });
    await quiet();
    at(1).emit("good");
    at(1).emit("bad");
    at(1).emit("late");
    expect([...state(), meta.error()]).toEqual(["error", "", "", thrown]);
    expect([at(1).isCancelled(), at(1).signal.reason]).toEqual([true, thrown]);
  });

  test("that ends the stream itself", async () => {
    for (const end of ["cancel", "dispose", "reload"] as const) {
      const driven: ReturnType<typeof stream> = stream({
        reduce: () => {
          driven.meta[end]();
          return "from the reducer";
        },
      });
      await quiet();
      driven.at(1).emit("a");
      const status = end === "reload" ? "pending" : "cancelled";
      expect(driven.state()).toEqual([status, "", ""]);
    }
  });

  test("is not tracked", async () => {
    const read = signal(0);
    const { at } = stream({ reduce: () => String(read.get()) });
    await quiet();
    let runs = 0;
    createEffect(() => {
      runs++;
      at(1).emit("x");
    });
    read.set(1);
    await quiet();
    expect(runs).toBe(1);
  });
});

describe("A8: inside a batch", () => {
  test("what a run emits is seen at the end of it", async () => {
    const { at, value } = stream();
    await quiet();
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push(value());
    });
    batch(() => {
      at(1).emit("a");
      at(1).emit("b");
      expect(seen).toEqual([""]);
    });
    expect(seen).toEqual(["", "ab"]);
  });
});
