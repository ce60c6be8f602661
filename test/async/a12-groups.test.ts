import {
  asyncComputed,
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  SKIP,
  setClock,
} from "@signal-kernel/async-runtime";
import { batch, createEffect, flushSync, signal } from "@signal-kernel/core";
import { afterEach, describe, expect, test } from "vitest";
import { fakeClock } from "./clock.js";
import { fetcher, quiet, recorder } from "./support.js";

afterEach(() => setClock(null));

/** Two resources of one id in a group, and what an observer of them sees. */
function pair(options: object = {}) {
  const id = signal(1);
  const group = createAsyncGroup();
  const shownId = group.committed(id.get);
  const users = fetcher<number>();
  const posts = fetcher<number>();
  const { log, callbacks } = recorder();
  const onEvent = callbacks.onEvent;
  const [user, userMeta] = createResource(id.get, users.fetch, { group, onEvent, ...options });
  const [post, postMeta] = createResource(id.get, posts.fetch, { group });
  const seen: unknown[] = [];
  createEffect(() => {
    seen.push([shownId(), user(), post()]);
  });
  return { id, group, shownId, users, posts, user, userMeta, post, postMeta, seen, log };
}

/** The same, with the first commit behind it. */
async function shown(options: object = {}) {
  const all = pair(options);
  all.users.call(1).resolve("u1");
  all.posts.call(1).resolve("p1");
  await quiet();
  return all;
}

describe("A12: a group", () => {
  test("commits what one change has started together, with the source", async () => {
    const { id, users, posts, seen, group, log } = await shown();
    const unrelated: unknown[] = [];
    createEffect(() => {
      unrelated.push(id.get());
    });
    const waiting: boolean[] = [];
    createEffect(() => {
      waiting.push(group.pending());
    });
    id.set(2);
    await quiet();
    posts.call(2).resolve("p2");
    await quiet();
    expect(seen.at(-1)).toEqual([1, "u1", "p1"]);
    expect(unrelated).toEqual([1, 2]);
    users.call(2).resolve("u2");
    await quiet();
    expect(seen).toEqual([
      [1, undefined, undefined],
      [1, "u1", "p1"],
      [2, "u2", "p2"],
    ]);
    expect(waiting).toEqual([false, true, false]);
    expect(log).toEqual(["start 1", "success 1", "start 2", "success 2"]);
  });

  test("says which runs are held back: their cells are pending", async () => {
    const { id, users, userMeta, postMeta, user } = await shown();
    id.set(2);
    await quiet();
    users.call(2).resolve("u2");
    await quiet();
    expect([userMeta.status(), postMeta.status(), user()]).toEqual(["pending", "pending", "u1"]);
  });

  test("run() resolves, and callbacks are called, when it has committed", async () => {
    const order: string[] = [];
    const { users, posts, userMeta, seen } = pair({
      onSuccess: () => order.push(`onSuccess after ${JSON.stringify(seen.at(-1))}`),
    });
    const done = userMeta.promise().then((value) => order.push(`promise ${value}`));
    users.call(1).resolve("u1");
    await quiet();
    expect(order).toEqual([]);
    posts.call(1).resolve("p1");
    await done;
    expect(order).toEqual(['onSuccess after [1,"u1","p1"]', "promise u1"]);
  });

  test("an error of one commits with the others", async () => {
    const { id, users, posts, seen, userMeta } = await shown();
    id.set(2);
    await quiet();
    users.call(2).reject("bad");
    await quiet();
    expect(userMeta.error()).toBe(undefined);
    posts.call(2).resolve("p2");
    await quiet();
    expect([seen.at(-1), userMeta.status(), userMeta.error()]).toEqual([
      [2, "u1", "p2"],
      "error",
      "bad",
    ]);
  });

  test("an input that throws is held like any error", async () => {
    const id = signal(1);
    const group = createAsyncGroup();
    const { fetch, call } = fetcher<number>();
    const broken = () => {
      if (id.get() === 2) throw new Error("no input");
      return id.get();
    };
    const [, first] = createResource(broken, () => Promise.resolve("value"), { group });
    const [, second] = createResource(id.get, fetch, { group });
    call(1).resolve(1);
    await quiet();
    id.set(2);
    await quiet();
    expect([first.status(), second.status()]).toEqual(["pending", "pending"]);
    call(2).resolve(2);
    await quiet();
    expect([first.status(), second.status()]).toEqual(["error", "success"]);
  });

  test("superseded by a newer change: the older commit never happens", async () => {
    const { id, users, posts, seen, log } = await shown();
    id.set(2);
    await quiet();
    users.call(2).resolve("u2");
    await quiet();
    id.set(3);
    await quiet();
    posts.call(2).resolve("p2");
    await quiet();
    posts.call(3).resolve("p3");
    await quiet();
    users.call(3).resolve("u3");
    await quiet();
    expect(seen).toEqual([
      [1, undefined, undefined],
      [1, "u1", "p1"],
      [3, "u3", "p3"],
    ]);
    expect(log.slice(2)).toEqual(["start 2", "cancel 2 source-changed", "start 3", "success 3"]);
  });

  test("what is left of a superseded commit waits for what replaces the rest", async () => {
    const id = signal(1);
    const page = signal(1);
    const group = createAsyncGroup();
    const list = fetcher<string>();
    const user = fetcher<number>();
    const [listed] = createResource(() => `${id.get()}/${page.get()}`, list.fetch, { group });
    const [found] = createResource(id.get, user.fetch, { group });
    const shownId = group.committed(id.get);
    const shownPage = group.committed(page.get);
    list.call(1).resolve("1/1");
    user.call(1).resolve("1");
    await quiet();
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([shownId(), shownPage(), listed(), found()]);
    });
    id.set(2);
    await quiet();
    user.call(2).resolve("2");
    await quiet();
    page.set(2);
    await quiet();
    list.call(3).resolve("2/2");
    await quiet();
    expect(seen).toEqual([
      [1, 1, "1/1", "1"],
      [2, 2, "2/2", "2"],
    ]);
  });

  test("changes of different sources commit each by itself", async () => {
    const a = signal(1);
    const b = signal(1);
    const group = createAsyncGroup();
    const first = fetcher<number>();
    const second = fetcher<number>();
    const [one] = createResource(a.get, first.fetch, { group });
    const [two] = createResource(b.get, second.fetch, { group });
    first.call(1).resolve("a1");
    second.call(1).resolve("b1");
    await quiet();
    a.set(2);
    await quiet();
    b.set(2);
    await quiet();
    second.call(2).resolve("b2");
    await quiet();
    expect([one(), two(), group.pending()]).toEqual(["a1", "b2", true]);
    first.call(2).resolve("a2");
    await quiet();
    expect([one(), group.pending()]).toEqual(["a2", false]);
  });

  test.each(["cancel", "dispose"] as const)(
    "%s of a member does not hold up the others",
    async (act) => {
      const { id, posts, seen, userMeta, group } = await shown();
      id.set(2);
      await quiet();
      posts.call(2).resolve("p2");
      await quiet();
      userMeta[act]();
      await quiet();
      expect([seen.at(-1), userMeta.status(), group.pending()]).toEqual([
        [2, "u1", "p2"],
        "cancelled",
        false,
      ]);
    },
  );

  test("cancelling one that is held back is a cancel: it never commits", async () => {
    const { id, users, posts, seen, userMeta, log } = await shown();
    id.set(2);
    await quiet();
    users.call(2).resolve("u2");
    await quiet();
    userMeta.cancel("enough");
    posts.call(2).resolve("p2");
    await quiet();
    expect(seen.at(-1)).toEqual([2, "u1", "p2"]);
    expect(log.slice(2)).toEqual(["start 2", "cancel 2 enough"]);
  });

  test("when all are cancelled the source stays with what is shown, until the next commit", async () => {
    const { id, users, posts, seen, userMeta, postMeta, shownId } = await shown();
    id.set(2);
    await quiet();
    userMeta.cancel();
    postMeta.cancel();
    await quiet();
    expect([seen.at(-1), id.get(), shownId()]).toEqual([[1, "u1", "p1"], 2, 1]);
    batch(() => {
      userMeta.reload();
      postMeta.reload();
    });
    users.call(3).resolve("u2");
    posts.call(3).resolve("p2");
    await quiet();
    expect(seen.slice(2)).toEqual([[2, "u2", "p2"]]);
  });

  test("a member that never settles holds its group alone", async () => {
    const { id, users, seen } = await shown();
    const other = createAsyncGroup();
    const [alone] = createResource(id.get, async (n) => n, { group: other });
    id.set(2);
    users.call(1);
    await quiet();
    users.call(2).resolve("u2");
    await quiet();
    expect([seen.at(-1), alone()]).toEqual([[1, "u1", "p1"], 2]);
  });

  test("a source that starts nothing passes on by itself, as does one that is skipped", async () => {
    const id = signal(1);
    const colour = signal("red");
    const group = createAsyncGroup();
    const { fetch, call } = fetcher<number>();
    createResource(() => (id.get() === 0 ? SKIP : id.get()), fetch, { group });
    const shownId = group.committed(id.get);
    const shownColour = group.committed(colour.get);
    call(1).resolve(1);
    await quiet();
    id.set(2);
    await quiet();
    colour.set("blue");
    await quiet();
    expect([shownId(), shownColour()]).toEqual([1, "blue"]);
    id.set(0);
    await quiet();
    expect([shownId(), group.pending()]).toEqual([0, false]);
  });

  test("the order in which source and members were created does not matter", async () => {
    const id = signal(1);
    const group = createAsyncGroup();
    const seen: unknown[] = [];
    const late: { value?: () => unknown } = {};
    const shownId = group.committed(id.get);
    createEffect(() => {
      seen.push([shownId(), late.value?.()]);
    });
    const { fetch, call } = fetcher<number>();
    const [value] = createResource(id.get, fetch, { group });
    late.value = value;
    call(1).resolve("one");
    await quiet();
    id.set(2);
    flushSync();
    await quiet();
    expect(seen).toEqual([[1, undefined]]);
    call(2).resolve("two");
    await quiet();
    expect(seen).toEqual([
      [1, undefined],
      [2, "two"],
    ]);
  });

  test("streams and async computeds are members; chunks are not shown before the end", async () => {
    const id = signal(1);
    const group = createAsyncGroup();
    const streams: { emit(chunk: string): void; done(): void }[] = [];
    const [text, meta] = createStreamResource(
      id.get,
      (_id: number, context) => {
        streams.push(context);
      },
      { group, initialValue: "", reduce: (all = "", chunk: string) => all + chunk },
    );
    const { make, call } = fetcher();
    const [other] = asyncComputed(
      (context) => {
        id.get();
        return make(context);
      },
      { group },
    );
    await quiet();
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([text(), other()]);
    });
    streams[0]?.emit("a");
    streams[0]?.emit("b");
    expect([text(), meta.status()]).toEqual(["", "pending"]);
    call(1).resolve("other");
    await quiet();
    streams[0]?.done();
    streams[0]?.emit("late");
    await quiet();
    expect(seen).toEqual([
      ["", undefined],
      ["ab", "other"],
    ]);
  });

  test("a retry is waited for, a timeout is an error, and neither outlives the wait", async () => {
    const clock = fakeClock();
    const group = createAsyncGroup();
    let attempts = 0;
    const retried = fromPromise(
      async () => {
        if (++attempts === 1) throw new Error("once");
        return "second";
      },
      { group, retry: { count: 1, delayMs: 10 }, timeoutMs: 100 },
    );
    const { make } = fetcher();
    const slow = fromPromise(make, { group, timeoutMs: 50 });
    await clock.pass(10);
    expect([retried.status(), slow.status(), clock.waiting]).toEqual(["pending", "pending", [40]]);
    await clock.pass(40);
    expect([retried.value(), slow.status(), clock.waiting]).toEqual(["second", "error", []]);
  });

  test("after dispose each cell goes by itself", async () => {
    const { id, users, posts, user, post, group, userMeta } = await shown();
    id.set(2);
    await quiet();
    users.call(2).resolve("u2");
    await quiet();
    group.dispose();
    expect([user(), userMeta.status(), post(), group.pending()]).toEqual([
      "u2",
      "success",
      "p1",
      false,
    ]);
    posts.call(2).resolve("p2");
    await quiet();
    expect(post()).toBe("p2");
    id.set(3);
    await quiet();
    users.call(3).resolve("u3");
    await quiet();
    expect(user()).toBe("u3");
  });

  test("its methods work detached, and bad arguments are refused", () => {
    const { committed, pending, dispose, [Symbol.dispose]: end } = createAsyncGroup();
    expect([committed(() => 5)(), pending()]).toEqual([5, false]);
    expect(() => committed(5 as never)).toThrow(
      expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
    );
    dispose();
    end();
    expect(committed(() => 6)()).toBe(6);
  });
});
