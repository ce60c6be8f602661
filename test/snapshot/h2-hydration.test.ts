import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { batch, createEffect, createScope, flushSync, settled, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  fromScript,
  restoreSnapshot,
  type SnapshotDocument,
  toScript,
} from "@signal-kernel/snapshot";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { page, quiet } from "./support.js";

/** What a server sends that has settled for id 7: the resource is of its second run. */
async function served(): Promise<SnapshotDocument> {
  const server = page(true);
  server.id.set(7);
  flushSync();
  server.gates.at(-1)?.("user 7");
  await quiet();
  return fromScript(toScript(captureSnapshot(server.scope)));
}

/** What it sends while the resource has not settled; the stream has. */
async function servedPending(): Promise<SnapshotDocument> {
  const server = page(true);
  server.id.set(7);
  flushSync();
  await quiet();
  return decodeJsonSnapshot(encodeJsonSnapshot(captureSnapshot(server.scope)));
}

describe("H2: the client starts from the server's state", () => {
  test("with no producer call, in one run of each observer, versions kept", async () => {
    const document = await served();
    const client = page(false);
    const seen: unknown[] = [];
    createEffect(() => {
      seen.push([client.id.get(), client.user(), client.text(), client.userMeta.status()]);
    });
    restoreSnapshot(client.scope, document);
    await quiet();
    expect(seen).toEqual([
      [0, undefined, "", "idle"],
      [7, "user 7", "a7b7", "success"],
    ]);
    expect(client.calls).toEqual([]);
    expect([client.userMeta.version(), client.textMeta.version()]).toEqual([2, 2]);
    expect(client.textMeta.stableValue()).toBe("a7b7");
  });

  test("a cell that is no pair, too", async () => {
    const made = (value: string) => {
      let calls = 0;
      const cell = fromPromise({ run: async () => `${value} ${++calls}` });
      const scope = createSnapshotScope().resource("user", cell, { restore: "seed" });
      return { cell, scope, calls: () => calls };
    };
    const server = made("server");
    await server.cell.run(1);
    const client = made("client");
    restoreSnapshot(client.scope, fromScript(toScript(captureSnapshot(server.scope))));
    await quiet();
    expect([client.cell.value(), client.cell.status(), client.calls()]).toEqual([
      "server 1",
      "success",
      0,
    ]);
  });

  test("a write behind the restore starts a run, wherever it is", async () => {
    const made = (initial: number) => {
      const id = signal(initial);
      let runs = 0;
      const load = async (input: number) => {
        runs++;
        return `user ${input}`;
      };
      const [user, meta] = createResource(id.get, load, { eager: false });
      const scope = createSnapshotScope()
        .signal("id", id)
        .resource("user", [user, meta], { restore: "seed" });
      return { id, user, meta, scope, shown: () => [id.get(), user(), meta.status(), runs] };
    };
    const server = made(1);
    await server.meta.reload();
    const document = captureSnapshot(server.scope);
    const ways: ((client: ReturnType<typeof made>) => void)[] = [
      ({ id, scope }) => {
        createEffect(() => {
          if (id.get() === 1) id.set(7);
        });
        restoreSnapshot(scope, document);
      },
      ({ id, scope }) =>
        batch(() => {
          restoreSnapshot(scope, document);
          id.set(7);
        }),
      ({ id, scope }) => {
        const go = signal(false);
        createEffect(() => {
          if (!go.get()) return;
          restoreSnapshot(scope, document);
          id.set(7);
        });
        go.set(true);
      },
    ];
    for (const way of ways) {
      const client = made(0);
      way(client);
      await quiet();
      expect(client.shown()).toEqual([7, "user 7", "success", 1]);
    }
  });

  test("and goes on from there: the next change, and a reload, are of the restored input", async () => {
    const document = await served();
    const client = page(false);
    restoreSnapshot(client.scope, document);
    void client.userMeta.reload();
    expect(client.calls).toEqual(["user 7"]);
    client.id.set(8);
    flushSync();
    await quiet();
    expect(client.calls).toEqual(["user 7", "user 8", "text 8"]);
    client.gates.at(-1)?.("user 8");
    await quiet();
    expect([client.user(), client.userMeta.version(), client.text()]).toEqual([
      "user 8",
      4,
      "a8b8",
    ]);
  });

  test("a client that has begun by itself is overtaken, whatever arrives later", async () => {
    const document = await served();
    const client = page(true);
    restoreSnapshot(client.scope, document);
    for (const open of client.gates) open("late");
    await quiet();
    expect([client.user(), client.userMeta.version(), client.userMeta.status()]).toEqual([
      "user 7",
      2,
      "success",
    ]);
    expect(client.calls).toEqual(["user 0"]);
  });

  test("nobody waits for what was restored", async () => {
    const document = await served();
    const owner = createScope();
    const client = owner.run(() => page(true));
    restoreSnapshot(client.scope, document);
    await settled(owner);
    owner.dispose();
    expect(client.userMeta.status()).toBe("success");
  });

  test("what was pending is left idle, or resumed with exactly one producer call when asked", async () => {
    const document = await servedPending();
    const still = page(false);
    const report = restoreSnapshot(still.scope, document);
    await quiet();
    expect([report.skipped, still.calls]).toEqual([["user"], ["user 7"]]);
    const client = page(false);
    restoreSnapshot(client.scope, document, { resume: true });
    await quiet();
    expect(client.calls).toEqual(["user 7"]);
    client.gates[0]?.("user 7");
    await quiet();
    expect([client.user(), client.text()]).toEqual(["user 7", "a7b7"]);
  });

  test("restore: reload shows the state, and starts one run of each cell", async () => {
    for (const document of [await served(), await servedPending()]) {
      const client = page(false, "reload");
      restoreSnapshot(client.scope, document);
      expect(client.userMeta.status()).toBe("pending");
      await quiet();
      expect([...client.calls].sort()).toEqual(["text 7", "user 7"]);
    }
  });

  test("polling goes on after a restore, from the state that was restored", async () => {
    let calls = 0;
    const [user, meta] = createResource({
      input: () => 1,
      run: async () => ++calls,
      pollMs: 1,
      eager: false,
    });
    const scope = createSnapshotScope().resource("user", [user, meta], { restore: "seed" });
    restoreSnapshot(scope, {
      schema: "signal-kernel.snapshot.v1",
      createdAt: 1,
      graph: { id: "default", version: "0.0.0" },
      nodes: [
        { id: "user", kind: "resource", restore: "seed", status: "success", value: 0, version: 4 },
      ],
    });
    expect([user(), calls]).toEqual([0, 0]);
    while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await quiet();
    expect(meta.version()).toBeGreaterThan(4);
    meta.dispose();
  });
});

test.each([
  ["latest", ["superseded", undefined], undefined],
  ["queue", [undefined], "of run 1"],
  ["drop", [undefined], "of run 1"],
  ["parallel", [undefined, undefined], "of run 1"],
] as const)(
  "a cell without a state to take over is reloaded as by reload(): %s",
  async (concurrency, reasons, shown) => {
    const make = () => {
      const runs: { readonly signal: AbortSignal; end(value: string): void }[] = [];
      const [save, meta] = createResource({
        trigger: "manual",
        concurrency,
        run: (_input: number, { signal }) =>
          new Promise<string>((end) => {
            runs.push({ signal, end });
          }),
      });
      const scope = createSnapshotScope().resource("save", [save, meta], { restore: "reload" });
      return { save, meta, scope, runs };
    };
    const document = captureSnapshot(make().scope);
    const { save, meta, scope, runs } = make();
    void meta.run(1);
    restoreSnapshot(scope, document);
    expect(runs.map(({ signal }) => signal.reason)).toEqual(reasons);
    runs[0]?.end("of run 1");
    await quiet();
    expect(save()).toBe(shown);
  },
);

describe("A10: freshness over snapshots", () => {
  test("a document that is older than the cell's state does not replace it", async () => {
    const document = await served();
    const client = page(false);
    restoreSnapshot(client.scope, document);
    void client.userMeta.reload();
    client.gates[0]?.("newer");
    await quiet();
    const report = restoreSnapshot(client.scope, document);
    expect([report.restored, report.skipped]).toEqual([["id", "text"], ["user"]]);
    expect([client.user(), client.userMeta.version()]).toEqual(["newer", 3]);
  });

  test("unless it is told to: then the value goes back, and the version goes on", async () => {
    const document = await served();
    const client = page(false);
    restoreSnapshot(client.scope, document);
    void client.userMeta.reload();
    client.gates[0]?.("newer");
    await quiet();
    restoreSnapshot(client.scope, document, { freshness: "any" });
    expect([client.user(), client.userMeta.version()]).toEqual(["user 7", 4]);
  });

  test("the same document twice is the same state", async () => {
    const document = await served();
    const client = page(false);
    restoreSnapshot(client.scope, document);
    const state = client.userMeta.state();
    let runs = 0;
    createEffect(() => {
      client.user();
      runs++;
    });
    restoreSnapshot(client.scope, document);
    expect(client.userMeta.state()).toBe(state);
    expect(runs).toBe(1);
  });

  test("in whatever order runs, restores and outcomes come, the version that is seen only grows", async () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant("run" as const) }),
      fc.record({ what: fc.constant("settle" as const), at: fc.nat(9) }),
      fc.record({ what: fc.constant("cancel" as const) }),
      fc.record({ what: fc.constant("restore" as const), version: fc.nat(12), any: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const gates: ((value: string) => void)[] = [];
        const id = signal(0);
        const [user, meta] = createResource(
          id.get,
          (_input, { token }) =>
            new Promise<string>((resolve) => gates.push(() => resolve(`run ${token}`))),
          { eager: false },
        );
        const scope = createSnapshotScope().resource("user", [user, meta], { restore: "seed" });
        const seen: number[] = [];
        createEffect(() => {
          seen.push(meta.version());
        });
        for (const action of steps) {
          if (action.what === "run") void meta.run(1);
          else if (action.what === "settle") gates[action.at]?.("");
          else if (action.what === "cancel") meta.cancel("x");
          else
            restoreSnapshot(
              scope,
              {
                schema: "signal-kernel.snapshot.v1",
                createdAt: 1,
                graph: { id: "default", version: "0.0.0" },
                nodes: [
                  {
                    id: "user",
                    kind: "resource",
                    restore: "seed",
                    status: "success",
                    value: `restored ${action.version}`,
                    version: action.version,
                  },
                ],
              },
              { freshness: action.any ? "any" : "newer" },
            );
          await new Promise((resolve) => setImmediate(resolve));
          /* Nothing of a run shows that is not of the version that is shown. */
          const { value, version } = meta.state();
          if (value?.startsWith("run ")) expect(value).toBe(`run ${version}`);
        }
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        meta.dispose();
      }),
      { numRuns: 60, seed: 20261121 },
    );
  });
});
