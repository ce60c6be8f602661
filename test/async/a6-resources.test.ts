import {
  createKeyedRevision,
  createResource,
  createRevision,
  createStreamResource,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { fetcher, quiet, recorder, uncaughtDuring } from "./support.js";

describe("A6: an auto resource", () => {
  test("runs at creation, and when its source changes", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch);
    expect([inputs, meta.status()]).toEqual([[1], "pending"]);
    id.set(2);
    await null;
    flushSync();
    id.set(2);
    await quiet();
    expect(inputs).toEqual([1, 2]);
  });

  test("starts one run for the changes of a batch, a transaction or a tick", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    createResource(id.get, fetch);
    batch(() => {
      id.set(2);
      id.set(3);
    });
    transaction(() => {
      id.set(4);
      id.set(5);
    });
    for (let i = 6; i <= 10_000; i++) id.set(i);
    await quiet();
    expect(inputs).toEqual([1, 3, 5, 10_000]);
  });

  test("does not run for a change that is taken back", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    createResource(id.get, fetch);
    batch(() => {
      id.set(2);
      id.set(1);
    });
    expect(() =>
      transaction(() => {
        id.set(2);
        throw new Error("rolled back");
      }),
    ).toThrow("rolled back");
    await quiet();
    expect(inputs).toEqual([1]);
  });

  test("a computed in front cuts off what does not matter", async () => {
    const cents = signal(100);
    const euros = computed(() => Math.floor(cents.get() / 100));
    const { fetch, inputs } = fetcher<number>();
    createResource(euros.get, fetch);
    cents.set(150);
    await quiet();
    cents.set(250);
    await quiet();
    expect(inputs).toEqual([1, 2]);
  });

  test("cancels the old run with source-changed; observers see no cancelled", async () => {
    const id = signal(1);
    const { log, callbacks } = recorder();
    const { fetch, call } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch, callbacks);
    const statuses: string[] = [];
    createEffect(() => {
      statuses.push(meta.status());
    });
    id.set(2);
    await null;
    expect(call(1).signal.reason).toBe("source-changed");
    call(2).resolve("two");
    await quiet();
    expect(statuses).toEqual(["pending", "success"]);
    expect(log).toEqual([
      "start 1",
      "cancel 1 source-changed",
      "onCancel source-changed",
      "start 2",
      "success 2",
      "onSuccess two",
    ]);
  });

  test("eager: false waits for a change or reload", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch, { eager: false });
    expect([meta.status(), inputs]).toEqual(["idle", []]);
    meta.reload();
    id.set(2);
    await quiet();
    expect(inputs).toEqual([1, 2]);
  });

  test("reload repeats the latest input, run takes another", async () => {
    const id = signal(1);
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource(id.get, fetch);
    meta.reload();
    meta.run(7);
    meta.reload();
    id.set(2);
    await quiet();
    meta.reload();
    expect(inputs).toEqual([1, 1, 7, 7, 2, 2]);
  });

  test("the descriptor form: input and observe, one or several", async () => {
    const id = signal(1);
    const a = createRevision();
    const b = createRevision();
    const { fetch, inputs } = fetcher<number>();
    const [, meta] = createResource({ input: id.get, observe: [a.get, b.get], run: fetch });
    expect(meta.status()).toBe("pending");
    a.invalidate();
    await quiet();
    b.invalidate();
    await quiet();
    id.set(2);
    await quiet();
    expect(inputs).toEqual([1, 1, 1, 2]);
  });

  test("the descriptor form without an input", async () => {
    const a = createRevision();
    const { fetch, inputs } = fetcher<undefined>();
    createResource({ observe: a.get, run: fetch, trigger: "auto" });
    a.invalidate();
    await quiet();
    expect(inputs).toEqual([undefined, undefined]);
  });
});

describe("A6: an input function that throws", () => {
  test("puts the cell in error, at creation too, and it recovers", async () => {
    const id = signal(0);
    const { fetch, inputs, call } = fetcher<number>();
    const failure = new Error("no input");
    const input = () => {
      if (id.get() % 2 === 0) throw failure;
      return id.get();
    };
    const errors = await uncaughtDuring(async () => {
      const [value, meta] = createResource(input, fetch);
      expect([meta.status(), meta.error()]).toEqual(["error", failure]);
      id.set(1);
      await quiet();
      expect([meta.status(), meta.error()]).toEqual(["pending", undefined]);
      call(2).resolve("one");
      await quiet();
      id.set(2);
      await quiet();
      expect([meta.status(), meta.error(), value()]).toEqual(["error", failure, "one"]);
      id.set(3);
      await quiet();
      expect([meta.status(), inputs]).toEqual(["pending", [1, 3]]);
    });
    expect(errors).toEqual([]);
  });

  test("what a stream has shown goes by its policy for a cancel, and then by that for an error", async () => {
    const id = signal(1);
    const input = () => {
      if (id.get() === 2) throw "no input";
      return id.get();
    };
    const producer = (_id: number, { emit }: StreamContext<string, string>) => emit("partial");
    const [value, meta] = createStreamResource(input, producer, {
      initialValue: "",
      onError: "keep-partial",
    });
    await quiet();
    expect([meta.status(), value()]).toEqual(["streaming", "partial"]);
    id.set(2);
    await quiet();
    expect([meta.status(), value()]).toEqual(["error", ""]);
  });

  test("ends the run in flight", async () => {
    const id = signal(1);
    const { log, callbacks } = recorder();
    const { fetch, call } = fetcher<number>();
    const [value, meta] = createResource(
      () => {
        if (id.get() === 2) throw new Error("two");
        return id.get();
      },
      fetch,
      callbacks,
    );
    const statuses: string[] = [];
    createEffect(() => {
      statuses.push(meta.status());
    });
    id.set(2);
    await quiet();
    expect(call(1).signal.reason).toBe("source-changed");
    call(1).resolve("late");
    await quiet();
    expect([meta.status(), value(), statuses]).toEqual(["error", undefined, ["pending", "error"]]);
    expect(log).toEqual([
      "start 1",
      "cancel 1 source-changed",
      "onCancel source-changed",
      "start 2",
      "error 2 two",
      "onError two",
    ]);
  });

  test("reload asks it again", async () => {
    const { fetch, inputs } = fetcher<string>();
    let works = false;
    const [, meta] = createResource(() => {
      if (!works) throw new Error("not yet");
      return "input";
    }, fetch);
    expect(await meta.reload()).toBe(undefined);
    expect(meta.status()).toBe("error");
    works = true;
    meta.reload();
    expect([meta.status(), inputs]).toEqual(["pending", ["input"]]);
  });
});

describe("A6: a manual resource", () => {
  test("runs on run(input); reload repeats it and is a no-op before", async () => {
    const { fetch, inputs, call } = fetcher<string>();
    const [value, meta] = createResource({ trigger: "manual", run: fetch });
    expect(meta.status()).toBe("idle");
    expect(await meta.reload()).toBe(undefined);
    expect([meta.status(), inputs]).toEqual(["idle", []]);
    const first = meta.run("a");
    call(1).resolve("A");
    expect([await first, value(), meta.status()]).toEqual(["A", "A", "success"]);
    meta.reload();
    expect(inputs).toEqual(["a", "a"]);
  });

  test("is eager only with an initialInput", () => {
    const { fetch, inputs } = fetcher<string>();
    const eager = true;
    createResource({ trigger: "manual", run: fetch, eager });
    createResource({ trigger: "manual", run: fetch, initialInput: "unused" });
    expect(inputs).toEqual([]);
    const [, meta] = createResource({
      trigger: "manual",
      run: fetch,
      eager,
      initialInput: "first",
    });
    expect([meta.status(), inputs]).toEqual(["pending", ["first"]]);
    meta.reload();
    expect(inputs).toEqual(["first", "first"]);
  });

  test("invalidates its targets on success, and only then, with the input of that run", async () => {
    const users = createKeyedRevision<number>();
    const list = createRevision();
    const seen: unknown[] = [];
    const { fetch, call } = fetcher<number>();
    const [, meta] = createResource({
      trigger: "manual",
      run: fetch,
      invalidates: [
        list,
        users,
        users.target(9),
        (input: number, value: unknown) => {
          seen.push([input, value]);
          return [users.target(input * 10)];
        },
      ],
    });
    const revisions = () => [
      list.peek(),
      users.peek(1),
      users.peek(2),
      users.peek(9),
      users.peek(20),
    ];
    meta.run(1);
    meta.run(2);
    call(1).resolve("superseded");
    await quiet();
    expect(revisions()).toEqual([0, 0, 0, 0, 0]);
    call(2).resolve("value");
    await quiet();
    expect(revisions()).toEqual([1, 0, 1, 1, 1]);
    meta.run(1);
    call(3).reject("failed");
    await quiet();
    meta.run(1);
    meta.cancel();
    await quiet();
    expect(revisions()).toEqual([1, 0, 1, 1, 1]);
    expect(seen).toEqual([[2, "value"]]);
  });

  test("reaches all of them together, whatever one throws", async () => {
    const a = createRevision();
    const b = createRevision();
    const thrown = [new Error("first"), new Error("second")];
    let runs = 0;
    createEffect(() => {
      a.get();
      b.get();
      runs++;
    });
    const errors = await uncaughtDuring(async () => {
      const [, meta] = createResource({
        trigger: "manual",
        run: () => 1,
        invalidates: [
          a,
          () => {
            throw thrown[0];
          },
          {
            invalidate() {
              throw thrown[1];
            },
          },
          b,
        ],
      });
      expect(await meta.run(undefined)).toBe(1);
    });
    expect([errors, a.peek(), b.peek(), runs]).toEqual([thrown, 1, 1, 2]);
  });

  test("reloads the metas of other resources", async () => {
    const { fetch, inputs } = fetcher<string>();
    const [, listing] = createResource(() => "list", fetch);
    const [, save] = createResource({ trigger: "manual", run: () => 1, invalidates: listing });
    await save.run(undefined);
    expect(inputs).toEqual(["list", "list"]);
  });
});

describe("revisions", () => {
  test("count invalidations and are tracked", async () => {
    const revision = createRevision(5);
    const seen: number[] = [];
    createEffect(() => {
      seen.push(revision.get());
    });
    revision.invalidate();
    await quiet();
    batch(() => {
      revision.invalidate();
      revision.invalidate();
    });
    expect([seen, revision.peek()]).toEqual([[5, 6, 8], 8]);
  });

  test("of a key wake only who reads that key", async () => {
    const users = createKeyedRevision<object | number>();
    const key = {};
    const runs: unknown[] = [];
    createEffect(() => {
      runs.push(["one", users.get(1)]);
    });
    createEffect(() => {
      runs.push(["object", users.get(key)]);
    });
    users.invalidate(1);
    await quiet();
    users.target(key).invalidate();
    await quiet();
    users.invalidate({});
    users.invalidate(2);
    await quiet();
    expect(runs).toEqual([
      ["one", 0],
      ["object", 0],
      ["one", 1],
      ["object", 1],
    ]);
    expect([users.peek(1), users.peek(3)]).toEqual([1, 0]);
  });
});
