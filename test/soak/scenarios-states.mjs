/** Scenarios of states that travel: snapshots, hydration, pages whose clients go away. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { computed, createEffect, createScope, signal } from "@signal-kernel/core";
import { html, renderWithState } from "@signal-kernel/native/server";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  diffSnapshots,
  encodeJsonSnapshot,
  hydrate,
  restoreSnapshot,
  toScript,
} from "@signal-kernel/snapshot";

const pass = () => new Promise((resolve) => setImmediate(resolve));
const soon = async (value) => {
  await pass();
  return value;
};

/** A graph as a server and its client have it. */
function graph() {
  const id = signal(1);
  const double = computed(() => id.get() * 2);
  const user = createResource(id.get, soon, { eager: false });
  const text = createStreamResource(
    id.get,
    (n, ctx) => {
      ctx.emit(`chunk ${n}`);
      ctx.done();
    },
    { eager: false },
  );
  const scope = createSnapshotScope()
    .signal("id", id)
    .computed("double", double, { captureValue: "available" })
    .resource("user", user, { restore: "seed" })
    .stream("text", text, { restore: "stable-value" });
  return { id, double, user, text, scope };
}

/** What `hydrate` needs of a page that has arrived. */
function pageOf(script) {
  const text = /<script[^>]*>([\s\S]*)<\/script>/.exec(script)[1];
  const element = { textContent: text, nextSibling: {}, parentNode: null };
  return {
    readyState: "complete",
    getElementById: () => element,
    querySelectorAll: () => [],
    addEventListener() {},
    removeEventListener() {},
  };
}

export const states = {
  /** Documents that are captured, encoded, decoded, compared and restored, good and bad ones. */
  snapshots() {
    const outer = createScope();
    const { scope, id, double } = outer.run(graph);
    let kept = captureSnapshot(scope);
    return {
      async round(random) {
        const first = captureSnapshot(scope);
        const value = random(1000);
        id.set(value);
        await pass();
        const text = encodeJsonSnapshot(captureSnapshot(scope));
        const second = decodeJsonSnapshot(text);
        diffSnapshots(first, second);
        restoreSnapshot(scope, first);
        restoreSnapshot(scope, second);
        assert.equal(id.peek(), value);
        assert.equal(double.get(), value * 2);
        const broken = text.slice(0, random(text.length));
        assert.throws(() => restoreSnapshot(scope, decodeJsonSnapshot(broken)));
        assert.equal(id.peek(), value);
        kept = second;
        assert.ok(kept.nodes.length === 4);
      },
    };
  },

  /** Clients that take over what a server has sent, and go away again. */
  hydration() {
    return {
      async round(random) {
        const server = createScope();
        const { scope, id, user } = server.run(graph);
        id.set(random(100));
        void user[1].reload();
        await pass();
        const page = pageOf(toScript(captureSnapshot(scope)));
        server.dispose();
        const client = createScope();
        const here = client.run(graph);
        client.run(() => createEffect(() => void [here.user[0](), here.double.get()]));
        const { done } = await hydrate(here.scope, { document: page });
        await done;
        assert.equal(here.id.peek(), id.peek());
        client.dispose();
        const controller = new AbortController();
        const stopped = createScope();
        const third = stopped.run(graph);
        const hydrating = hydrate(third.scope, { document: page, signal: controller.signal });
        controller.abort();
        await hydrating.catch(() => {});
        stopped.dispose();
      },
    };
  },

  /** Pages in all modes; a part of their clients goes away at a random moment. */
  pages() {
    const shared = signal("news");
    const modes = ["settled", "in-order", "out-of-order"];
    async function request(random) {
      const controller = new AbortController();
      const leaves = random(3) === 0;
      const response = new PassThrough();
      response.resume();
      const page = renderWithState(
        async ({ snapshot, slot, scope, signal: aborted }) => {
          aborted.addEventListener("abort", () => {});
          const id = signal(random(100));
          const user = createResource(id.get, soon);
          const slow = createResource(id.get, async (n) => soon(await soon(n)));
          if (random(10) === 0) throw new Error("render");
          snapshot.signal("id", id).resource("user", user, { restore: "seed" });
          scope.run(() => createEffect(() => void shared.get()));
          if (random(2)) await pass();
          return html`<!doctype html><body>${shared.get()}
            ${slot(user, { success: (n) => html`<b>${n}</b>` })}
            ${slot(slow, { pending: html`<i>wait</i>`, success: (n) => html`<b>${n}</b>` })}</body>`;
        },
        { mode: modes[random(3)], signal: controller.signal, timeoutMs: 50, onError: () => {} },
      );
      const sent = page
        .then((ready) => (random(4) ? ready.pipe(response) : ready.abort()))
        .catch(() => {});
      if (leaves) {
        for (let i = random(4); i > 0; i--) await pass();
        if (random(2)) controller.abort();
        else response.destroy();
      }
      await sent;
      response.destroy();
    }
    return {
      async round(random) {
        await Promise.all(Array.from({ length: 8 }, () => request(random)));
        shared.set(`news ${random(100)}`);
        await pass();
      },
    };
  },
};
