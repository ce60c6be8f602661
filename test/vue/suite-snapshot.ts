/** A snapshot scope for an app: restored before it renders, given to its components. */
import { createResource } from "@signal-kernel/async-runtime";
import { createEffect, flushSync, settled, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  type SnapshotScope,
  toScript,
} from "@signal-kernel/snapshot";
import {
  createSnapshotPlugin,
  provideSnapshotScope,
  useResource,
  useSignalValue,
  useSnapshotScope,
} from "@signal-kernel/vue";
import { afterEach, describe, expect, it } from "vitest";
import { type App, createSSRApp, defineComponent, h } from "vue";
import { renderToString } from "vue/server-renderer";
import { checkEngine } from "#engine";

interface Container {
  innerHTML: string;
  readonly textContent: string;
  querySelector(selector: string): Container | null;
}
declare const document: {
  createElement(name: string): Container;
  body: { innerHTML: string; append(element: Container): void };
};

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
  document.body.innerHTML = "";
  flushSync();
  expect(checkEngine()).toBe(undefined);
});

function createGraph(isServer: boolean) {
  const calls: number[] = [];
  const scope = createSnapshotScope({ graphId: "page" });
  const graph = scope.collect(() => {
    const id = signal(1, { name: "id" });
    const user = createResource(
      id.get,
      async (n) => {
        calls.push(n);
        return `user ${n}`;
      },
      { name: "user", eager: isServer },
    );
    return { id, user };
  });
  ends.push(() => graph.user[1].dispose());
  const Page = defineComponent(() => {
    const n = useSignalValue(graph.id);
    const { value, status } = useResource(graph.user);
    const scopeOfApp = useSnapshotScope();
    return () => h("p", `${n.value} ${value.value} ${status.value} ${scopeOfApp === scope}`);
  });
  return { ...graph, scope, calls, Page };
}

/** A page as a server has sent it. */
async function serve(nonce = "n1") {
  const { id, scope, Page } = createGraph(true);
  id.set(7);
  await settled();
  const app = createSSRApp(Page).use(createSnapshotPlugin({ scope, script: true }));
  const html = await renderToString(app);
  return { html, script: toScript(captureSnapshot(scope), { nonce }), scope };
}

function page(html: string): Container {
  const element = document.createElement("div");
  element.innerHTML = html;
  document.body.append(element);
  return element;
}

function mount(app: App, element: unknown): void {
  app.mount(element as Parameters<App["mount"]>[0]);
  ends.push(() => app.unmount());
}

async function consoleOf(fn: () => void): Promise<unknown[]> {
  const { warn, error } = console;
  const lines: unknown[] = [];
  console.warn = console.error = (...args: unknown[]) => void lines.push(args);
  try {
    fn();
    await Promise.resolve();
  } finally {
    Object.assign(console, { warn, error });
  }
  return lines;
}

export function describeSnapshots(version: string): void {
  describe(`createSnapshotPlugin in Vue ${version}`, () => {
    it("hydrates from the state in the page, without a fetch or a warning", async () => {
      const { html, script } = await serve();
      expect(html).toBe("<p>7 user 7 success true</p>");
      const element = page(`<main>${html}</main>${script}`).querySelector("main");
      const { scope, Page, calls, id } = createGraph(false);
      const seen: number[] = [];
      ends.push(createEffect(() => void seen.push(id.get())));
      const lines = await consoleOf(() => {
        mount(createSSRApp(Page).use(createSnapshotPlugin({ scope, script: true })), element);
      });
      expect(lines).toEqual([]);
      expect(element?.innerHTML).toBe("<p>7 user 7 success true</p>");
      id.set(8);
      await settled();
      expect([calls, seen]).toEqual([[8], [1, 7, 8]]);
      expect(element?.textContent).toBe("8 user 8 success true");
    });

    it("restores a document once into a scope, however many apps ask for it", async () => {
      const source = await serve();
      const document = captureSnapshot(source.scope);
      const { scope, Page, id } = createGraph(false);
      const make = () => createSSRApp(Page).use(createSnapshotPlugin({ scope, document }));
      expect(await renderToString(make())).toContain("7 user 7");
      id.set(9);
      expect(await renderToString(make())).toContain("9 user");
    });

    it("nests: a component gives those below another scope", async () => {
      const outer = createSnapshotScope();
      const inner = createSnapshotScope();
      const x = inner.collect(() => signal("x", { name: "x" }));
      const document = captureSnapshot(createSnapshotScope().signal("x", signal("restored")));
      const which = (scope: SnapshotScope) => (scope === inner ? "inner" : "outer");
      const Show = defineComponent(() => {
        const scope = useSnapshotScope();
        const value = useSignalValue(x);
        return () => `${which(scope)} ${value.value};`;
      });
      const Part = defineComponent(() => {
        provideSnapshotScope({ scope: inner, document });
        return () => h(Show);
      });
      const app = createSSRApp(() => [h(Part), h(Show)]);
      const html = await renderToString(app.use(createSnapshotPlugin({ scope: outer })));
      expect(html.replace(/<!--.*?-->/g, "")).toBe("inner restored;outer restored;");
    });

    it("refuses what is wrong, and has restored nothing then", async () => {
      const { scope, id } = createGraph(false);
      const wrong = { ...captureSnapshot(scope), graph: { id: "another", version: "1" } };
      const install = (options: object) => () =>
        createSSRApp({}).use(createSnapshotPlugin(options as never));
      expect(install({ scope, document: wrong })).toThrow("Incompatible graph id");
      const bad = [null, {}, { scope: {} }, { scope, script: 1 }] as object[];
      for (const options of bad)
        expect(install(options)).toThrow(
          expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
        );
      expect(id.get()).toBe(1);
      for (const use of [useSnapshotScope, () => provideSnapshotScope({ scope })])
        expect(use).toThrow(expect.objectContaining({ code: "ERR_SK_NO_SCOPE" }));
      const Alone = defineComponent(() => {
        const { graphId } = useSnapshotScope();
        return () => graphId;
      });
      /* Vue warns of what it passes on. */
      const { warn } = console;
      console.warn = () => {};
      ends.push(() => Object.assign(console, { warn }));
      await expect(renderToString(createSSRApp(Alone))).rejects.toMatchObject({
        code: "ERR_SK_NO_SCOPE",
      });
    });
  });
}
