/** H2, A10: a client that follows the page of a server, wherever in the middle it begins. */
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { createEffect, createScope, flushSync, settled, signal } from "@signal-kernel/core";
import { html, type RenderMode, renderWithState } from "@signal-kernel/native/server";
import { createSnapshotScope, hydrate, type SnapshotScope } from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";
import { Arriving } from "./arriving.js";
import { type Gate, gate, turns } from "./support.js";

/** What server and client have alike: a source, two resources and a stream of it. */
function createGraph(snapshot: SnapshotScope, eager: boolean, options: object = {}) {
  const calls: string[] = [];
  const gates = new Map<string, Gate>();
  const id = signal(eager ? 7 : 0);
  const theme = signal(eager ? "dark" : "none");
  const load = (name: string) =>
    createResource(
      id.get,
      (input) => {
        const call = `${name} ${input}`;
        calls.push(call);
        const opened = gate();
        gates.set(call, opened);
        return opened.promise;
      },
      { eager, ...options },
    );
  const user = load("user");
  const posts = load("posts");
  const text = createStreamResource(
    id.get,
    (input, { emit, done }: { emit(chunk: string): void; done(): void }) => {
      calls.push(`text ${input}`);
      emit(`text of ${input}`);
      done();
    },
  );
  snapshot
    .signal("id", id)
    .signal("theme", theme)
    .resource("user", user, { restore: "seed" })
    .resource("posts", posts, { restore: "seed" })
    .stream("text", text, { restore: "stable-value" });
  const open = (call: string, value = `${call}!`) => gates.get(call)?.open(value);
  return { id, theme, user, posts, text, calls, open };
}

type Graph = ReturnType<typeof createGraph>;

/** A server in the middle of a page, and a browser that has all it has sent. */
async function served(mode: RenderMode, timeoutMs = 5_000) {
  let graph!: Graph;
  const rendering = renderWithState(
    ({ snapshot, slot }) => {
      graph = createGraph(snapshot, true);
      const views = { pending: html`<i>...</i>`, success: (text: string) => html`<b>${text}</b>` };
      return html`${slot(graph.user, views)} ${slot(graph.posts, views)}`;
    },
    { mode, timeoutMs },
  );
  await turns();
  if (mode === "settled") {
    graph.open("user 7");
    graph.open("posts 7");
  }
  const browser = new Arriving();
  const parts = (await rendering)[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await parts.next();
    if (done !== true) await browser.arrive(value);
    return done === true;
  };
  await next();
  const rest = async () => {
    while (!(await next())) await turns(1);
    await browser.end();
  };
  return { server: graph, browser, next, rest };
}

function client(options: object = {}) {
  const snapshot = createSnapshotScope();
  const scope = createScope();
  const graph = scope.run(() => createGraph(snapshot, false, options));
  const seen: unknown[] = [];
  createEffect(() => {
    seen.push([graph.user[0](), graph.user[1].status()]);
  });
  return { ...graph, scope, snapshot, seen };
}

const DOCUMENT = (browser: Arriving) => ({ document: browser.document });

describe("H2 a page that has settled", () => {
  test("no producer is called, versions are kept", async () => {
    const { browser, rest } = await served("settled");
    await rest();
    const { snapshot, calls, user, posts, text, id, theme, seen } = client();
    const { report, done } = await hydrate(snapshot, DOCUMENT(browser));
    await done;
    await turns();
    expect(report.restored).toEqual(["id", "theme", "user", "posts", "text"]);
    expect(calls).toEqual([]);
    expect([id.get(), theme.get(), user[0](), posts[0](), text[0]()]).toEqual([
      7,
      "dark",
      "user 7!",
      "posts 7!",
      "text of 7",
    ]);
    expect([user[1].version(), text[1].version(), text[1].stableValue()]).toEqual([
      1,
      1,
      "text of 7",
    ]);
    expect(seen).toEqual([
      [undefined, "idle"],
      ["user 7!", "success"],
    ]);
  });
});

describe.each(["in-order", "out-of-order"] as const)("H2 a page that is arriving: %s", (mode) => {
  test("what is pending is awaited: no producer is called, and each outcome is seen once", async () => {
    const { server, browser, next, rest } = await served(mode);
    const { scope, snapshot, calls, user, posts, seen } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    expect([user[1].status(), posts[1].status()]).toEqual(["pending", "pending"]);
    let isSettled = false;
    void settled(scope).then(() => {
      isSettled = true;
    });
    server.open("posts 7");
    await next();
    expect(posts[0]()).toBe("posts 7!");
    server.open("user 7");
    await turns();
    expect([user[1].status(), isSettled]).toEqual(["pending", false]);
    await rest();
    expect([user[0](), user[1].version(), posts[0](), posts[1].version()]).toEqual([
      "user 7!",
      1,
      "posts 7!",
      1,
    ]);
    expect(calls).toEqual([]);
    expect(isSettled).toBe(true);
    expect(seen).toEqual([
      [undefined, "idle"],
      [undefined, "pending"],
      ["user 7!", "success"],
    ]);
  });

  test("a client that begins in the middle has what has come, and awaits the rest", async () => {
    const { server, browser, next, rest } = await served(mode);
    server.open("user 7");
    await next();
    const { snapshot, calls, user, posts } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    await turns();
    expect([user[0](), posts[1].status()]).toEqual(["user 7!", "pending"]);
    server.open("posts 7");
    await rest();
    expect([posts[0](), calls]).toEqual(["posts 7!", []]);
  });

  test("what has not come when the page ends starts one run, of the restored input", async () => {
    const { server, browser, rest } = await served(mode, 80);
    const { snapshot, calls, user, posts, open } = client();
    const { done } = await hydrate(snapshot, DOCUMENT(browser));
    server.open("user 7");
    await rest();
    await done;
    expect(user[0]()).toBe("user 7!");
    expect(posts[1].status()).toBe("pending");
    expect(calls).toEqual(["posts 7"]);
    open("posts 7", "from the client");
    await turns();
    expect([posts[0](), posts[1].version()]).toEqual(["from the client", 1]);
  });

  test("a page that is cut off is one that has ended", async () => {
    const { browser } = await served(mode);
    const { snapshot, calls } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    await browser.end();
    expect(calls.sort()).toEqual(["posts 7", "user 7"]);
  });

  test("A10 what the client has started is newer than what arrives late", async () => {
    const { server, browser, rest } = await served(mode);
    const { snapshot, calls, user, open, id } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    id.set(8);
    flushSync();
    expect(calls).toEqual(["user 8", "posts 8"]);
    server.open("user 7");
    server.open("posts 7");
    await rest();
    expect([user[0](), user[1].status()]).toEqual([undefined, "pending"]);
    open("user 8");
    await turns();
    expect([user[0](), user[1].version(), id.get()]).toEqual(["user 8!", 1, 8]);
    expect(calls).toEqual(["user 8", "posts 8", "text 8"]);
  });

  test("A10 what the client has ended is newer, too; and what it writes stays", async () => {
    const { server, browser, rest } = await served(mode);
    const { snapshot, calls, user, theme, open } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    void user[1].reload();
    open("user 7", "reloaded");
    theme.set("light");
    await turns();
    server.theme.set("blue");
    server.open("user 7", "late");
    server.open("posts 7");
    await rest();
    expect([user[0](), theme.get(), calls]).toEqual(["reloaded", "light", ["user 7"]]);
  });

  test("A10 a change that waits for its moment is newer", async () => {
    const { server, browser, rest } = await served(mode);
    const { snapshot, calls, user, posts, id } = client({ debounceMs: 30 });
    await hydrate(snapshot, DOCUMENT(browser));
    id.set(8);
    flushSync();
    server.open("user 7");
    server.open("posts 7");
    await rest();
    expect([user[0](), posts[0]()]).toEqual([undefined, undefined]);
    await expect.poll(() => calls).toEqual(["text 8", "user 8", "posts 8"]);
  });

  test("a cell that the client has cancelled, or ended, stays so", async () => {
    const { server, browser, rest } = await served(mode);
    const { scope, snapshot, calls, user, posts } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    user[1].cancel();
    posts[1].dispose();
    expect([user[1].status(), posts[1].status()]).toEqual(["cancelled", "cancelled"]);
    await settled(scope);
    server.open("user 7");
    server.open("posts 7");
    await rest();
    expect([user[1].status(), posts[1].status(), calls]).toEqual(["cancelled", "cancelled", []]);
  });

  test("a source that the server changes on the way takes its cells along", async () => {
    const { server, browser, rest } = await served(mode);
    const { snapshot, calls, id, user } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    server.id.set(9);
    await turns();
    server.open("user 9");
    server.open("posts 9");
    await rest();
    expect([id.get(), user[0](), user[1].version(), calls]).toEqual([9, "user 9!", 2, []]);
  });
});

describe("slots in a page that is arriving out of order", () => {
  test("are in their place before effects see their cell", async () => {
    const { server, browser, rest } = await served("out-of-order");
    expect(browser.shown).toContain("<i>...</i>");
    const { snapshot, user } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([user[0](), browser.shown.includes("<b>user 7!</b>")]);
    });
    server.open("user 7");
    server.open("posts 7");
    await rest();
    expect(seen).toEqual([
      [undefined, false],
      ["user 7!", true],
    ]);
    expect(browser.shown).toBe("<b>user 7!</b> <b>posts 7!</b>");
  });

  test("need no client", async () => {
    const { server, browser, rest } = await served("out-of-order");
    server.open("user 7");
    server.open("posts 7");
    await rest();
    expect(browser.shown).toBe("<b>user 7!</b> <b>posts 7!</b>");
  });

  test("A10 are not shown when their cell is newer in the client", async () => {
    const { server, browser, rest } = await served("out-of-order");
    const { snapshot, user } = client();
    await hydrate(snapshot, DOCUMENT(browser));
    void user[1].reload();
    server.open("user 7");
    server.open("posts 7");
    await rest();
    expect(browser.shown).toContain("<i>...</i>");
    expect(browser.shown).not.toContain("user 7!");
    expect(browser.shown).toContain("<b>posts 7!</b>");
  });
});
