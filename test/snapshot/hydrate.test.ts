/** hydrate: when it begins, what it refuses, how it stops; and what of a snapshot it is made of. */
import { createResource } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  encodeJsonSnapshot,
  hydrate,
  restoreSnapshot,
  type SnapshotScope,
  toScript,
} from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";
import { collectUncaught } from "../helpers/uncaught.js";
import { Arriving } from "../server/arriving.js";
import { page, quiet } from "./support.js";

/** The state of a server whose resource is pending, as of its first and of a later document. */
async function served() {
  const server = page(true);
  const first = captureSnapshot(server.scope);
  await quiet();
  server.gates.at(-1)?.("user 0");
  await quiet();
  const later = captureSnapshot(server.scope, { only: ["user", "text"] });
  return { server, first: toScript(first), later: laterScript(encodeJsonSnapshot(later)) };
}

const laterScript = (text: string) =>
  `<script type="application/json" data-sk-state="">${text}</script>`;

describe("hydrate", () => {
  test("begins at once when the first document is complete, also while more is to come", async () => {
    const { first } = await served();
    const browser = new Arriving();
    await browser.arrive(`${first}<p>`);
    const { scope, userMeta } = page(false);
    void hydrate(scope, { document: browser.document });
    expect(userMeta.status()).toBe("pending");
  });

  test("waits for what is not complete: for what follows it, or for the end", async () => {
    const { first, later } = await served();
    const browser = new Arriving();
    const { scope, user, userMeta } = page(false);
    const hydrating = hydrate(scope, { document: browser.document });
    await browser.arrive(first);
    expect(userMeta.status()).toBe("idle");
    await browser.arrive(later);
    expect(userMeta.status()).toBe("pending");
    await browser.end();
    expect([user(), userMeta.status()]).toEqual(["user 0", "success"]);
    const { report, done } = await hydrating;
    await done;
    expect(report.restored).toContain("user");
  });

  test("a page that has arrived is taken over in the call", async () => {
    const { first, later } = await served();
    const browser = new Arriving();
    await browser.arrive(first + later);
    await browser.end();
    const { scope, user, calls } = page(false);
    void hydrate(scope, { document: browser.document });
    expect([user(), calls]).toEqual(["user 0", []]);
  });

  test("without a document it rejects, when the page has ended", async () => {
    const browser = new Arriving();
    const hydrating = hydrate(page(false).scope, { document: browser.document });
    const rejection = expect(hydrating).rejects.toMatchObject({
      name: "SnapshotError",
      code: "ERR_SK_SNAPSHOT_MISSING",
    });
    await browser.end();
    await rejection;
  });

  test("a first document that does not fit changes nothing", async () => {
    for (const text of ["{", '{"schema":"other"}', encodeJsonSnapshot(foreign())]) {
      const browser = new Arriving();
      await browser.arrive(`<script type="application/json" id="state">${text}</script>`);
      await browser.end();
      const { scope, calls, userMeta } = page(false);
      const options = { document: browser.document, id: "state" };
      await expect(hydrate(scope, options)).rejects.toMatchObject({ name: "SnapshotError" });
      expect([userMeta.status(), calls.includes("user 0")]).toEqual(["idle", false]);
    }
  });

  test("a later one that is damaged is told, and its cells start a run when the page has ended", async () => {
    const { first } = await served();
    const errors: unknown[] = [];
    const browser = new Arriving();
    await browser.arrive(first + laterScript("{"));
    const { scope, calls } = page(false);
    const { done } = await hydrate(scope, {
      document: browser.document,
      onError: (error) => errors.push(error),
    });
    await browser.end();
    await done;
    expect(errors).toMatchObject([{ code: "ERR_SK_SNAPSHOT_INVALID" }]);
    expect(calls.filter((call) => call.startsWith("user"))).toEqual(["user 0"]);
  });

  test("a taker of errors that throws keeps nothing from being taken over", async () => {
    const { first } = await served();
    const browser = new Arriving();
    await browser.arrive(first + laterScript("{"));
    const { scope, calls } = page(false);
    const uncaught = await collectUncaught(async () => {
      const onError = () => {
        throw new URIError("of the taker");
      };
      const { done } = await hydrate(scope, { document: browser.document, onError });
      await browser.end();
      await done;
    });
    expect(uncaught).toEqual([new URIError("of the taker")]);
    expect(calls.filter((call) => call.startsWith("user"))).toEqual(["user 0"]);
  });

  test("an effect that throws is told, and leaves no cell waiting", async () => {
    const { first, later } = await served();
    const browser = new Arriving();
    await browser.arrive(first);
    await browser.arrive(later);
    await browser.end();
    const { scope, userMeta, user } = page(false);
    createEffect(() => {
      if (userMeta.status() === "pending") throw new URIError("first");
    });
    await expect(hydrate(scope, { document: browser.document })).rejects.toThrow(URIError);
    expect(userMeta.status()).toBe("pending");
    const next = page(false);
    createEffect(() => {
      if (next.userMeta.status() === "success") throw new URIError("later");
    });
    const uncaught = await collectUncaught(async () => {
      await (await hydrate(next.scope, { document: browser.document })).done;
    });
    expect([uncaught, next.user(), user()]).toEqual([[new URIError("later")], "user 0", undefined]);
  });

  test("a signal stops it: what arrives later is left alone", async () => {
    const { first, later } = await served();
    const browser = new Arriving();
    const controller = new AbortController();
    await browser.arrive(first);
    await browser.arrive("<p></p>");
    const { scope, userMeta, calls } = page(false);
    const options = { document: browser.document, signal: controller.signal };
    const { done } = await hydrate(scope, options);
    controller.abort("enough");
    await done;
    await browser.arrive(later);
    await browser.end();
    expect([userMeta.status(), calls.includes("user 0")]).toEqual(["idle", false]);
    await expect(hydrate(scope, options)).rejects.toBe("enough");
  });

  test("bad arguments are refused", async () => {
    const { scope } = page(false);
    const { document } = new Arriving();
    for (const options of [
      null,
      {},
      { document: 7 },
      { document, id: 7 },
      { document, mode: "other" },
      { document, onError: 7 },
      { document, signal: 7 },
      { document, limits: { maxNodes: -1 } },
    ])
      await expect(hydrate(scope, options as never)).rejects.toMatchObject({
        code: "ERR_SK_INVALID_ARG",
      });
    await expect(hydrate({} as never, { document })).rejects.toBeInstanceOf(TypeError);
  });
});

/** A browser to which the states of a server come, one by one, as documents of its page. */
async function arriving(scope: SnapshotScope) {
  const browser = new Arriving();
  await browser.arrive(toScript(captureSnapshot(scope)));
  await browser.arrive("<p></p>");
  const next = async () => {
    await browser.arrive(laterScript(encodeJsonSnapshot(captureSnapshot(scope))));
    await browser.arrive("<p></p>");
  };
  return { browser, next };
}

describe("A10 what effects do that a document wakes is newer than what follows it", () => {
  const make = (value: string) => {
    const q = signal(value);
    return { q, scope: createSnapshotScope().signal("q", q) };
  };

  test.each(["first", "second"])("a signal that is written: %s document", async (which) => {
    const server = make("first");
    const { browser, next } = await arriving(server.scope);
    const { q, scope } = make("");
    const seen: string[] = [];
    createEffect(() => {
      seen.push(q.get());
      if (q.get() === which) q.set("client");
    });
    const { done } = await hydrate(scope, { document: browser.document });
    server.q.set("second");
    await next();
    server.q.set("third");
    await next();
    await browser.end();
    await done;
    expect(q.get()).toBe("client");
    expect(seen).toEqual(["", "first", ...(which === "first" ? [] : ["second"]), "client"]);
  });

  test("so it is when the effect throws then, and the next document is of others, too", async () => {
    const server = make("first");
    const other = signal(0);
    server.scope.signal("other", other);
    const { browser, next } = await arriving(server.scope);
    const { q, scope } = make("");
    const mine = signal(0);
    scope.signal("other", mine);
    createEffect(() => {
      if (q.get() !== "second") return;
      q.set("client");
      throw new URIError("of the effect");
    });
    const errors: unknown[] = [];
    await hydrate(scope, { document: browser.document, onError: (error) => errors.push(error) });
    server.q.set("second");
    await next();
    server.q.set("third");
    other.set(7);
    await next();
    expect([q.get(), mine.get(), errors]).toEqual(["client", 7, [new URIError("of the effect")]]);
  });

  test("what listens to the end of a run, which the document supersedes, writes, too", async () => {
    const make = (value: string) => {
      const ends = signal(value);
      const user = createResource(
        () => 1,
        (_input, { signal }) => {
          signal.addEventListener("abort", () => ends.set(String(signal.reason)));
          return new Promise<string>(() => {});
        },
      );
      const scope = createSnapshotScope().resource("user", user, { restore: "seed" });
      return { ends, scope: scope.signal("ends", ends) };
    };
    const server = make("first");
    const { browser, next } = await arriving(server.scope);
    const { ends, scope } = make("");
    await hydrate(scope, { document: browser.document });
    server.ends.set("second");
    await next();
    expect(ends.get()).toBe("restore");
  });

  test("a cell that is cancelled stays so, and calls no producer when the page has ended", async () => {
    const server = page(true);
    const { browser, next } = await arriving(server.scope);
    const { scope, user, userMeta, calls } = page(false);
    createEffect(() => {
      if (userMeta.status() === "pending") userMeta.cancel();
    });
    const { done } = await hydrate(scope, { document: browser.document });
    server.gates.at(-1)?.("user 0");
    await quiet();
    await next();
    await browser.end();
    await done;
    expect([userMeta.status(), user(), calls.includes("user 0")]).toEqual([
      "cancelled",
      undefined,
      false,
    ]);
  });

  test("what they register is followed, as it was when the document was restored", async () => {
    const server = make("first");
    const lazy = signal("of the server");
    const { browser, next } = await arriving(server.scope.signal("lazy", lazy));
    const { q, scope } = make("");
    const mine = signal("");
    createEffect(() => {
      if (q.get() === "first") scope.signal("lazy", mine);
    });
    await hydrate(scope, { document: browser.document, mode: "best-effort" });
    await next();
    expect(mine.get()).toBe("of the server");
  });
});

test("a cell that reloads and has nothing to repeat takes the outcome when it comes", async () => {
  const make = () => {
    const gates: ((value: string) => void)[] = [];
    const [save, meta] = createResource({
      trigger: "manual",
      run: (_input: number) => new Promise<string>((resolve) => gates.push(resolve)),
    });
    const scope = createSnapshotScope().resource("save", [save, meta], { restore: "reload" });
    return { scope, save, meta, gates };
  };
  const server = make();
  void server.meta.run(1);
  const { browser, next } = await arriving(server.scope);
  const { scope, save, meta, gates } = make();
  await hydrate(scope, { document: browser.document });
  expect(meta.status()).toBe("idle");
  server.gates[0]?.("saved");
  await quiet();
  await next();
  expect([save(), meta.status(), gates]).toEqual(["saved", "success", []]);
});

function foreign() {
  return captureSnapshot(createSnapshotScope({ graphId: "another" }));
}

describe('resume: "await"', () => {
  test("a cell that was pending is pending, without a run, until a document brings its outcome", async () => {
    const server = page(true);
    const first = captureSnapshot(server.scope);
    const { scope, userMeta, user, calls } = page(false);
    const promise = userMeta.promise();
    restoreSnapshot(scope, first, { resume: "await" });
    await quiet();
    expect([userMeta.status(), userMeta.version(), calls]).toEqual(["pending", 0, []]);
    server.gates.at(-1)?.("user 0");
    await quiet();
    restoreSnapshot(scope, captureSnapshot(server.scope), { resume: "await" });
    expect([user(), userMeta.version(), calls, await promise]).toEqual(["user 0", 1, [], "user 0"]);
  });

  test("its own run supersedes it; to cancel ends it; so does a document that says so", async () => {
    const first = captureSnapshot(page(true).scope);
    const one = page(false);
    restoreSnapshot(one.scope, first, { resume: "await" });
    void one.userMeta.reload();
    one.gates.at(-1)?.("own");
    await quiet();
    expect([one.user(), one.userMeta.status(), one.userMeta.version()]).toEqual([
      "own",
      "success",
      1,
    ]);
    const two = page(false);
    restoreSnapshot(two.scope, first, { resume: "await" });
    two.userMeta.cancel();
    expect(two.userMeta.status()).toBe("cancelled");
    const three = page(false);
    restoreSnapshot(three.scope, first, { resume: "await" });
    restoreSnapshot(three.scope, first);
    expect(three.userMeta.status()).toBe("idle");
    restoreSnapshot(three.scope, first, { resume: "await" });
    restoreSnapshot(three.scope, first, { resume: true });
    expect(three.calls).toEqual(["user 0"]);
  });

  test("a cell that cannot repeat what the server has run does not wait for ever", () => {
    const make = () => {
      const [save, meta] = createResource({
        trigger: "manual",
        run: (_input: number) => new Promise<string>(() => {}),
      });
      const scope = createSnapshotScope().resource("save", [save, meta], { restore: "seed" });
      return { scope, meta };
    };
    const server = make();
    void server.meta.run(1);
    const document = captureSnapshot(server.scope);
    const { scope, meta } = make();
    const seen: string[] = [];
    createEffect(() => {
      seen.push(meta.status());
    });
    restoreSnapshot(scope, document, { resume: "await" });
    restoreSnapshot(scope, document, { resume: true });
    expect(seen).toEqual(["idle", "pending", "idle"]);
  });

  test("a run that follows it is not seen as a change of the status", () => {
    const first = captureSnapshot(page(true).scope);
    const { scope, userMeta } = page(false);
    const seen: string[] = [];
    createEffect(() => {
      seen.push(userMeta.status());
    });
    restoreSnapshot(scope, first, { resume: "await" });
    restoreSnapshot(scope, first, { resume: true });
    expect(seen).toEqual(["idle", "pending"]);
  });

  test("a value that was there stays meanwhile; a cell that reloads does so at once", async () => {
    const server = page(true);
    server.gates.at(-1)?.("old");
    await quiet();
    void server.userMeta.reload();
    const document = captureSnapshot(server.scope);
    const client = page(false);
    restoreSnapshot(client.scope, document, { resume: "await" });
    expect(client.userMeta.state()).toMatchObject({
      status: "pending",
      value: "old",
      refreshing: true,
      version: 1,
    });
    const reloading = page(false, "reload");
    restoreSnapshot(reloading.scope, document, { resume: "await" });
    expect(reloading.calls[0]).toBe("user 0");
    expect(() => restoreSnapshot(client.scope, document, { resume: "later" as never })).toThrow(
      TypeError,
    );
  });
});

describe("captureSnapshot, option only", () => {
  test("captures these nodes; what must not leak is the same", () => {
    const token = signal("s3cr3t");
    const scope = createSnapshotScope()
      .signal("token", token, { redaction: "omit" })
      .signal("title", signal("of s3cr3t"))
      .resource(
        "user",
        createResource(token.get, async () => 1, { eager: false }),
      );
    const document = captureSnapshot(scope, { only: new Set(["title"]), maskRedacted: true });
    expect(document.nodes).toEqual([
      { id: "title", kind: "signal", value: "of [redacted]", redacted: true },
    ]);
    expect(captureSnapshot(scope, { only: [] }).nodes).toEqual([]);
    expect(captureSnapshot(scope, { only: ["token"] }).nodes).toEqual([]);
    for (const only of [7, ["missing"], [7], null])
      expect(() => captureSnapshot(scope, { only: only as never })).toThrow(TypeError);
  });
});
