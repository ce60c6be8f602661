/** A request whose client is gone, at each stage: its scope ends, once, and so does what it has in flight. */
import { fromPromise } from "@signal-kernel/async-runtime";
import { onScopeDispose, type Scope } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import {
  html,
  type Page,
  RenderError,
  type RenderMode,
  type RenderOptions,
  renderWithState,
} from "@signal-kernel/native/server";
import { describe, expect, test } from "vitest";
import { turns } from "./support.js";

const MODES: readonly RenderMode[] = ["settled", "in-order", "out-of-order"];

/** A request whose cell never settles, and what becomes of it. */
function request(mode: RenderMode, options: RenderOptions = {}) {
  const controller = new AbortController();
  const seen = { disposed: 0, fetch: [] as unknown[], context: [] as unknown[] };
  let scope: Scope | undefined;
  const rendering = renderWithState(
    (context) => {
      scope = context.scope;
      onScopeDispose(() => seen.disposed++);
      context.signal.addEventListener("abort", () => seen.context.push(context.signal.reason));
      const never = fromPromise(({ signal }) => {
        signal.addEventListener("abort", () => seen.fetch.push(signal.reason));
        return new Promise<string>(() => {});
      });
      return html`<p>${context.slot(never, { success: String, pending: "..." })}</p>`;
    },
    { mode, signal: controller.signal, ...options },
  );
  const ended = () => {
    expect(scope?.disposed).toBe(true);
    expect(seen).toMatchObject({ disposed: 1, fetch: ["dispose"] });
    expect(seen.context).toHaveLength(1);
  };
  return { controller, rendering, seen, ended };
}

const ABORTED = { name: "RenderError", code: "ERR_SK_RENDER_ABORTED", cause: "gone" };

describe.each(MODES)("%s", (mode) => {
  test("before it begins: render is not called", async () => {
    let calls = 0;
    const rendering = renderWithState(
      () => {
        calls++;
        return "";
      },
      { mode, signal: AbortSignal.abort("gone") },
    );
    await expect(rendering).rejects.toMatchObject(ABORTED);
    expect(calls).toBe(0);
  });

  test("while it renders: what render does then has no effect", async () => {
    const controller = new AbortController();
    let wasDisposed = false;
    const rendering = renderWithState(
      async ({ scope, settled }) => {
        fromPromise(() => new Promise<string>(() => {}));
        await settled().catch(() => {
          wasDisposed = scope.disposed;
        });
        fromPromise(async () => 1);
        return "<p>";
      },
      { mode, signal: controller.signal },
    );
    await turns(1);
    controller.abort("gone");
    await expect(rendering).rejects.toMatchObject(ABORTED);
    await turns();
    expect(wasDisposed).toBe(true);
  });

  test("by signal, while it waits", async () => {
    const { controller, rendering, ended } = request(mode);
    const outcome = rendering.then((page) => page.text());
    outcome.catch(() => {});
    await turns();
    controller.abort("gone");
    await expect(outcome).rejects.toMatchObject(ABORTED);
    ended();
  });

  test("after the end nothing happens any more", async () => {
    const { controller, rendering, seen } = request(mode, { timeoutMs: 0 });
    const page = await rendering;
    expect(await page.text()).toContain("...");
    controller.abort("gone");
    page.abort("gone");
    await turns();
    expect(seen).toMatchObject({ disposed: 1, fetch: ["dispose"] });
  });
});

describe.each(["in-order", "out-of-order"] as const)("%s, after the first part", (mode) => {
  const ways: Record<string, (page: Page, controller: AbortController) => Promise<unknown>> = {
    "abort, before anybody takes it": async (page) => {
      page.abort("gone");
      await expect(page.text()).rejects.toMatchObject(ABORTED);
    },
    "signal, before anybody takes it": async (page, controller) => {
      controller.abort("gone");
      await expect(page.text()).rejects.toMatchObject(ABORTED);
    },
    "an iteration that stops": async (page) => {
      for await (const part of page) {
        expect(part).toContain("<p>");
        break;
      }
    },
    "an iteration that waits": async (page) => {
      const parts = page[Symbol.asyncIterator]();
      await parts.next();
      const next = parts.next();
      next.catch(() => {});
      await turns(1);
      page.abort("gone");
      await expect(next).rejects.toBeInstanceOf(RenderError);
    },
    "a stream that is cancelled": async (page) => {
      const reader = page.stream().getReader();
      await reader.read();
      await reader.cancel("gone");
    },
    "a stream that is cancelled while it waits": async (page) => {
      const reader = page.stream().getReader();
      await reader.read();
      const next = reader.read();
      await turns(1);
      await reader.cancel("gone");
      expect(await next).toMatchObject({ done: true });
    },
  };

  test.each(Object.entries(ways))("%s", async (_how, end) => {
    const { controller, rendering, ended } = request(mode);
    await end(await rendering, controller);
    await turns(1);
    ended();
  });
});

test("pieces of another renderer are ended with the request", async () => {
  const ended: string[] = [];
  const pieces = {
    [Symbol.asyncIterator]: () => ({
      calls: 0,
      next() {
        return this.calls++ === 0
          ? Promise.resolve({ done: false as const, value: "<p>" })
          : new Promise<never>(() => {});
      },
      return: async () => {
        ended.push("return");
        throw new URIError("return");
      },
    }),
  };
  const errors: unknown[] = [];
  const page = await renderWithState(() => pieces, {
    mode: "in-order",
    onError: (error) => errors.push(error),
  });
  const text = page.text();
  text.catch(() => {});
  await turns(1);
  page.abort("gone");
  await expect(text).rejects.toMatchObject(ABORTED);
  await turns(1);
  expect([ended, errors]).toEqual([["return"], [new URIError("return")]]);
});

test("nothing is left of requests that were aborted, at whatever stage", async () => {
  const before = engine().counters;
  for (let i = 0; i < 60; i++) {
    const mode = MODES[i % 3] as RenderMode;
    const { controller, rendering } = request(mode);
    const outcome = rendering.then((page) => page.text());
    outcome.catch(() => {});
    for (let turn = 0; turn < i % 5; turn++) await turns(1);
    controller.abort();
    await expect(outcome).rejects.toBeInstanceOf(RenderError);
  }
  await turns();
  const { nodes, edges, tasks } = engine().counters;
  expect({ nodes, edges, tasks }).toEqual({
    nodes: before.nodes,
    edges: before.edges,
    tasks: before.tasks,
  });
});
