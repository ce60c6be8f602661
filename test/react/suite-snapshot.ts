/** A snapshot at the root: on the server, in a page that is hydrated, and in one that goes on. */
import { createResource } from "@signal-kernel/async-runtime";
import { computed, createEffect, flushSync, settled, signal } from "@signal-kernel/core";
import {
  SnapshotProvider,
  useReactive,
  useResource,
  useSignalValue,
  useSnapshotScope,
} from "@signal-kernel/react";
import { captureSnapshot, createSnapshotScope, fromScript } from "@signal-kernel/snapshot";
import * as React from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import {
  act,
  Boundary,
  type Container,
  consoleOf,
  container,
  h,
  live,
  mount,
  settle,
} from "./dom.js";

const STATE = "script[type='application/json']";

/** The graph of a page, on a server (it fetches) or in a page (it must not). */
function createGraph(isServer: boolean) {
  const calls: number[] = [];
  const scope = createSnapshotScope({ graphId: "page" });
  const graph = scope.collect(() => {
    const id = signal(1, { name: "id" });
    const label = computed(() => `#${id.get()}`, { name: "label" });
    const user = createResource(
      id.get,
      async (n) => {
        calls.push(n);
        return `user ${n}`;
      },
      { name: "user", eager: isServer },
    );
    return { id, label, user };
  });
  const Page = () => {
    const n = useSignalValue(graph.id);
    const text = useReactive(() => graph.label.get(), []);
    const { value, status, stale } = useResource(graph.user);
    return h("p", null, `${n} ${text} ${value} ${status} ${stale}`);
  };
  return { ...graph, scope, calls, Page };
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  flushSync();
  expect(checkEngine()).toBe(undefined);
});

async function serve(script: React.ComponentProps<typeof SnapshotProvider>["script"] = true) {
  const server = createGraph(true);
  server.id.set(7);
  await settled();
  const { scope, Page } = server;
  const html = renderToString(h(SnapshotProvider, { scope, script }, h(Page)));
  server.user[1].dispose();
  return html;
}

function client() {
  const page = createGraph(false);
  ends.push(() => page.user[1].dispose());
  return page;
}

/** Hydrates, and returns what React had to say. */
async function hydrate(element: Container, node: React.ReactNode, more?: () => Promise<void>) {
  const recovered: unknown[] = [];
  const lines = await consoleOf(async () => {
    await act(async () => {
      const root = hydrateRoot(element, node, { onRecoverableError: (e) => recovered.push(e) });
      ends.push(() => act(async () => root.unmount()));
    });
    await more?.();
  });
  return [...lines, ...recovered];
}

export function describeSnapshots(version: string): void {
  describe(`SnapshotProvider in React ${version}`, () => {
    it(`is tested with ${version}`, () => {
      expect(React.version.startsWith(version)).toBe(true);
    });

    it("writes the state into the page, and hydrates from it without a fetch or a warning", async () => {
      const html = await serve({ nonce: "n1" });
      expect(html).toContain("7 #7 user 7 success false");
      expect(html).toMatch(
        /<script type="application\/json" id="signal-kernel-snapshot" nonce="n1">/,
      );
      const element = container(html);
      const { scope, Page, calls, id } = client();
      const before = live();
      const said = await hydrate(element, h(SnapshotProvider, { scope, script: true }, h(Page)));
      expect(said).toEqual([]);
      expect(element.querySelector("p")?.textContent).toBe("7 #7 user 7 success false");
      expect(element.querySelectorAll(STATE)).toHaveLength(1);
      expect(calls).toEqual([]);
      await settle(() => id.set(8));
      expect(element.querySelector("p")?.textContent).toBe("8 #8 user 8 success false");
      expect(calls).toEqual([8]);
      for (const end of ends.splice(1).reverse()) await end();
      expect(live()).toMatchObject({ effects: before.effects });
    });

    it("restores once, in StrictMode and in two providers, and before children render", async () => {
      const html = await serve();
      const document = fromScript(/<script.*<\/script>/.exec(html)?.[0] as string);
      const { scope, Page, id } = client();
      const seen: number[] = [];
      ends.push(createEffect(() => void seen.push(id.get())));
      const provider = () => h(SnapshotProvider, { scope, document }, h(Page));
      const { text, unmount, render } = await mount(
        h(React.StrictMode, null, provider(), provider()),
      );
      ends.push(unmount);
      expect(text()).toBe("7 #7 user 7 success false".repeat(2));
      expect(seen).toEqual([1, 7]);
      await settle(() => id.set(9));
      await render(h(React.StrictMode, null, provider(), provider(), provider()));
      expect(text()).toBe("9 #9 user 9 success false".repeat(3));
      expect(seen).toEqual([1, 7, 9]);
    });

    it("lets a part that hydrates late show what the server showed, and then what is there", async () => {
      let open = () => {};
      const waits = new Promise<void>((resolve) => {
        open = resolve;
      });
      let isOpen = true;
      const Late = ({ children }: { children?: React.ReactNode }) => {
        if (!isOpen) throw waits;
        return children as React.ReactElement;
      };
      const tree = (
        scope: ReturnType<typeof createSnapshotScope>,
        Page: () => React.ReactElement,
      ) =>
        h(
          SnapshotProvider,
          { scope, script: true },
          h(React.Suspense, { fallback: "..." }, h(Late, null, h(Page))),
        );
      const server = createGraph(true);
      server.id.set(7);
      await settled();
      const element = container(renderToString(tree(server.scope, server.Page)));
      server.user[1].dispose();
      isOpen = false;
      const { scope, Page, id, user } = client();
      const renders: (string | undefined)[] = [];
      const seen: number[] = [];
      ends.push(createEffect(() => void seen.push(id.get())));
      const Watched = () => {
        const node = Page();
        renders.push((node.props as { children: string }).children);
        return node;
      };
      const said = await hydrate(element, tree(scope, Watched), async () => {
        /* A microtask of the effects, and the fetch: all of the state has gone on. */
        id.set(8);
        await user[1].promise();
        expect(element.querySelector("p")?.textContent).toBe("7 #7 user 7 success false");
        expect(renders).toEqual([]);
        const before = live();
        await settle(() => {
          isOpen = true;
          open();
        });
        expect(live().tasks).toBe(before.tasks);
      });
      expect([said, seen]).toEqual([[], [1, 7, 8]]);
      expect(renders[0]).toBe("7 #7 user 7 success false");
      expect(renders.at(-1)).toBe("8 #8 user 8 success false");
      expect(element.querySelector("p")?.textContent).toBe("8 #8 user 8 success false");
      expect([id.get(), user[0](), user[1].version()]).toEqual([8, "user 8", 3]);
    });

    it("restores a document that is given later when React has committed, without a warning", async () => {
      const { scope, Page, id } = client();
      const document = captureSnapshot(
        createSnapshotScope({ graphId: "page" }).signal("id", signal(5)),
      );
      const next = captureSnapshot(
        createSnapshotScope({ graphId: "page" }).signal("id", signal(6)),
      );
      const tree = (given: typeof document | null) =>
        h(React.Fragment, null, h(Page), h(SnapshotProvider, { scope, document: given }, h(Page)));
      const lines = await consoleOf(async () => {
        const { render, text, unmount } = await mount(h(Page));
        ends.push(unmount);
        await render(tree(document));
        expect(text()).toContain("5 #5");
        expect(text()).not.toContain("1 #1");
        await render(tree(next));
        await settle();
        expect(id.get()).toBe(6);
        expect(text()).not.toContain("5 #5");
        await render(tree(null));
        expect(id.get()).toBe(6);
      });
      expect(lines).toEqual([]);
    });

    it("nests: each scope is restored, and the inner one is the hook's", async () => {
      const outer = createSnapshotScope();
      const inner = createSnapshotScope();
      const a = outer.collect(() => signal("a", { name: "x" }));
      const b = inner.collect(() => signal("b", { name: "x" }));
      const documentOf = (value: string) =>
        captureSnapshot(createSnapshotScope().signal("x", signal(value)));
      const Show = () => {
        const scope = useSnapshotScope();
        const own = scope === inner ? "inner" : "outer";
        return h(React.Fragment, null, `${own} ${useSignalValue(a)} ${useSignalValue(b)};`);
      };
      const { text, unmount } = await mount(
        h(
          SnapshotProvider,
          { scope: outer, document: documentOf("A") },
          h(SnapshotProvider, { scope: inner, document: documentOf("B") }, h(Show)),
          h(Show),
        ),
      );
      ends.push(unmount);
      expect(text()).toBe("inner A B;outer A B;");
    });

    it("renders on a server what is there now, with a document or without", async () => {
      const { scope, Page, id } = client();
      expect(renderToString(h(SnapshotProvider, { scope }, h(Page)))).toContain("1 #1");
      expect(renderToString(h(SnapshotProvider, { scope }, h(Page)))).not.toContain("script");
      id.set(3);
      expect(renderToString(h(SnapshotProvider, { scope }, h(Page)))).toContain("3 #3");
    });

    it("throws to the error boundary what is wrong, and has restored nothing", async () => {
      const { scope, id } = client();
      const wrong = { ...captureSnapshot(scope), graph: { id: "another", version: "1" } };
      const Outside = () => h("i", null, useSnapshotScope().graphId);
      const bad: React.ReactNode[] = [
        h(SnapshotProvider, { scope, document: wrong }),
        h(SnapshotProvider, { scope: {} as never }),
        h(SnapshotProvider, { scope, script: 1 as never }),
        h(Outside),
      ];
      const messages: string[] = [];
      await consoleOf(async () => {
        for (const node of bad) {
          const { text, unmount } = await mount(h(Boundary, null, node));
          messages.push(text());
          await unmount();
        }
      });
      expect(messages).toEqual([
        "caught Incompatible graph id: the scope has page (at $.graph)",
        'caught "scope" must be a snapshot scope, got an object',
        'caught "script" must be a boolean or options, got a number',
        "caught useSnapshotScope() belongs into a component below a SnapshotProvider.",
      ]);
      expect(id.get()).toBe(1);
    });
  });
}
