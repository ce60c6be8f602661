/** The hooks that show cells, Suspense and the server; run with React 18 and with React 19. */
import { Writable } from "node:stream";
import {
  createResource,
  createStreamResource,
  fromPromise,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import {
  type ResourceSource,
  useComputedValue,
  useReactive,
  useResource,
  useSignalValue,
  useStreamResource,
} from "@signal-kernel/react";
import * as React from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import { act, Boundary, consoleOf, container, h, live, mount, settle } from "./dom.js";

/** A promise that is settled from outside. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** A resource whose runs are settled by hand, the newest last. */
function manual(options: { keepPreviousValueOnPending?: boolean } = {}) {
  const id = signal(1);
  const runs: ReturnType<typeof deferred<string>>[] = [];
  const resource = createResource(
    id.get,
    () => {
      const run = deferred<string>();
      runs.push(run);
      return run.promise;
    },
    options,
  );
  return { id, runs, resource, newest: () => runs.at(-1) as (typeof runs)[number] };
}

function manualStream() {
  let context: StreamContext<string, string> | undefined;
  const resource = createStreamResource<number, string, string>(
    () => 1,
    (_input, ctx) => {
      context = ctx;
    },
    { reduce: (text = "", chunk) => text + chunk },
  );
  return { resource, run: () => context as StreamContext<string, string> };
}

export function describeCells(version: string): void {
  describe(`The hooks that show cells, React ${version}`, () => {
    it("show value, status and error of one outcome together", async () => {
      const { id, newest, resource } = manual();
      const before = live();
      const seen: string[] = [];
      const App = () => {
        const { value, status, error, refreshing } = useResource(resource);
        seen.push(`${value} ${status} ${error} ${refreshing}`);
        return null;
      };
      const app = await mount(h(App));
      await settle(() => newest().resolve("one"));
      await settle(() => id.set(2));
      await settle(() => newest().reject("broken"));
      expect(seen).toEqual([
        "undefined pending undefined false",
        "one success undefined false",
        "one pending undefined true",
        "one error broken false",
      ]);
      await app.unmount();
      expect(live()).toEqual(before);
      resource[1].dispose();
    });

    it("follow a resource that is switched, and ignore the one before", async () => {
      const a = manual();
      const b = manual();
      const App = ({ of }: { of: ResourceSource<string, unknown, number> }) =>
        useResource(of).value ?? "none";
      const app = await mount(h(App, { of: a.resource }));
      await app.render(h(App, { of: b.resource }));
      await settle(() => a.newest().resolve("a"));
      expect(app.text()).toBe("none");
      await settle(() => b.newest().resolve("b"));
      expect(app.text()).toBe("b");
      await app.unmount();
      for (const { resource } of [a, b]) resource[1].dispose();
    });

    it("stay subscribed and are one object when the pair is made anew in each render", async () => {
      const { newest, resource } = manual();
      const views = new Set<unknown>();
      const App = ({ n }: { n: number }) => {
        const view = useResource([resource[0], resource[1]]);
        views.add(view);
        return `${n} ${view.status}`;
      };
      const app = await mount(h(App, { n: 1 }));
      await app.render(h(App, { n: 2 }));
      expect(views.size).toBe(1);
      await settle(() => newest().resolve("one"));
      expect(app.text()).toBe("2 success");
      await app.unmount();
      resource[1].dispose();
    });

    it("give what can be done with the cell", async () => {
      const save = fromPromise({ run: async (text: string) => text.toUpperCase() });
      let view: ReturnType<typeof useResource<string, unknown, string>> | undefined;
      const App = () => {
        view = useResource(save);
        return `${view.status} ${view.value}`;
      };
      const app = await mount(h(App));
      expect(app.text()).toBe("idle undefined");
      await settle(() => view?.run("hello"));
      expect(app.text()).toBe("success HELLO");
      const upload = deferred<string>();
      await settle(() => view?.mutate("shown", { run: () => upload.promise }));
      expect(app.text()).toBe("pending shown");
      await settle(() => view?.cancel());
      expect(app.text()).toBe("cancelled HELLO");
      await app.unmount();
      save.dispose();
    });

    it("show a stream chunk by chunk, and its stable value", async () => {
      const { resource, run } = manualStream();
      const App = () => {
        const { value, stableValue, status } = useStreamResource(resource);
        return `${value} ${stableValue} ${status}`;
      };
      const app = await mount(h(App));
      await settle();
      await settle(() => run().emit("a"));
      expect(app.text()).toBe("a undefined streaming");
      await settle(() => run().emit("b"));
      await settle(() => run().done());
      expect(app.text()).toBe("ab ab success");
      await app.unmount();
      resource[1].dispose();
    });

    it("refuse what is no cell, or the other kind of one", async () => {
      const single = manual().resource;
      const stream = manualStream().resource;
      const apps = [
        () => useResource<string>({} as never).value,
        () => useResource<string>(stream as never).value,
        () => useStreamResource<string>(single as never).value,
      ];
      await consoleOf(async () => {
        for (const App of apps) {
          const app = await mount(h(Boundary, null, h(App)));
          expect(app.text()).toMatch(/^caught "resource" must be a (resource|stream): /);
          await app.unmount();
        }
      });
      for (const [, meta] of [single, stream]) meta.dispose();
    });
  });

  describe(`Suspense, React ${version}`, () => {
    const framed = (node: React.ReactNode) =>
      h(Boundary, null, h(React.Suspense, { fallback: "wait" }, node));

    it("waits for the first value, and keeps it while the next one is pending", async () => {
      const { id, newest, resource } = manual();
      const App = () => {
        const { value, refreshing } = useResource(resource, { suspense: true });
        return `${value.toUpperCase()} ${refreshing}`;
      };
      const before = live();
      const app = await mount(framed(h(App)));
      expect(app.text()).toBe("wait");
      expect(live()).toEqual(before);
      await settle(() => newest().resolve("one"));
      expect(app.text()).toBe("ONE false");
      await settle(() => id.set(2));
      expect(app.text()).toBe("ONE true");
      await settle(() => newest().resolve("two"));
      expect(app.text()).toBe("TWO false");
      await app.unmount();
      expect(live()).toEqual(before);
      resource[1].dispose();
    });

    it("waits again where the previous value is not kept", async () => {
      const { id, newest, resource } = manual({ keepPreviousValueOnPending: false });
      const App = () => useResource(resource, { suspense: true }).value;
      const app = await mount(framed(h(App)));
      await settle(() => newest().resolve("one"));
      const shown = () =>
        [...app.element.querySelectorAll("i")].map((i) => i.textContent).join() || app.text();
      expect(shown()).toBe("one");
      await settle(() => id.set(2));
      expect(app.text()).toContain("wait");
      await settle(() => newest().resolve("two"));
      expect(app.text()).toBe("two");
      await app.unmount();
      resource[1].dispose();
    });

    it("waits for the run that superseded the one it was waiting for", async () => {
      const { id, runs, resource } = manual();
      const App = () => useResource(resource, { suspense: true }).value;
      const app = await mount(framed(h(App)));
      await settle(() => id.set(2));
      await settle(() => runs[0]?.resolve("late"));
      expect(app.text()).toBe("wait");
      await settle(() => runs[1]?.resolve("two"));
      expect(app.text()).toBe("two");
      await app.unmount();
      resource[1].dispose();
    });

    it("waits for a value that is undefined", async () => {
      const run = deferred<undefined>();
      const resource = createResource(
        () => 1,
        () => run.promise,
      );
      const App = () => `value ${useResource(resource, { suspense: true }).value}`;
      const app = await mount(framed(h(App)));
      expect(app.text()).toBe("wait");
      await settle(() => run.resolve(undefined));
      expect(app.text()).toBe("value undefined");
      await app.unmount();
      resource[1].dispose();
    });

    it("throws an error to the boundary, of the first run and of a later one", async () => {
      await consoleOf(async () => {
        for (const later of [false, true]) {
          const { id, newest, resource } = manual();
          const App = () => useResource(resource, { suspense: true }).value;
          const app = await mount(framed(h(App)));
          if (later) {
            await settle(() => newest().resolve("one"));
            await settle(() => id.set(2));
          }
          await settle(() => newest().reject(new Error("broken")));
          expect(app.text()).toBe("caught broken");
          await app.unmount();
          resource[1].dispose();
        }
      });
    });

    it("throws the reason of a cancel before there was a value", async () => {
      const { resource } = manual();
      const App = () => useResource(resource, { suspense: true }).value;
      await consoleOf(async () => {
        const app = await mount(framed(h(App)));
        await settle(() => resource[1].cancel("no more"));
        expect(app.text()).toBe("caught no more");
        await app.unmount();
      });
      resource[1].dispose();
    });

    it("waits for the first chunk of a stream, and leaves nothing in the kernel", async () => {
      const { resource, run } = manualStream();
      const App = () => useStreamResource(resource, { suspense: true }).value;
      await settle();
      const before = live();
      const app = await mount(framed(h(App)));
      expect(app.text()).toBe("wait");
      await settle(() => run().emit("a"));
      expect(app.text()).toBe("a");
      await app.unmount();
      expect(live()).toEqual(before);
      resource[1].dispose();
    });
  });

  describe(`The server, React ${version}`, () => {
    const count = signal(1);
    const double = computed(() => count.get() * 2);
    const App = () =>
      h(
        "p",
        null,
        `${useSignalValue(count)} ${useComputedValue(double)} ${useReactive(() => count.get() + 1)}`,
      );

    it("renders without subscribing", () => {
      const before = live();
      expect(renderToString(h(App))).toBe("<p>1 2 2</p>");
      expect(live()).toEqual(before);
    });

    it("agrees with the client that hydrates", async () => {
      const before = live();
      const element = container(renderToString(h(App)));
      const paragraph = element.querySelector("p");
      const recovered: unknown[] = [];
      const lines = await consoleOf(async () => {
        const root = await act(async () =>
          hydrateRoot(element, h(App), { onRecoverableError: (error) => recovered.push(error) }),
        );
        expect(element.querySelector("p")).toBe(paragraph);
        await act(async () => count.set(5));
        expect(element.textContent).toBe("5 10 6");
        await act(async () => root.unmount());
      });
      expect([...lines, ...recovered]).toEqual([]);
      expect(live()).toEqual(before);
    });

    it("streams what has suspended as soon as it has settled", async () => {
      const { newest, resource } = manual();
      const Show = () => h("b", null, useResource(resource, { suspense: true }).value);
      const before = live();
      const html = await new Promise<string>((resolve, reject) => {
        const chunks: string[] = [];
        const sink = new Writable({
          write(chunk, _encoding, done) {
            chunks.push(String(chunk));
            done();
          },
          final(done) {
            resolve(chunks.join(""));
            done();
          },
        });
        const page = h(React.Suspense, { fallback: "wait" }, h(Show));
        const { pipe } = renderToPipeableStream(page, {
          onShellReady() {
            pipe(sink);
            newest().resolve("late");
          },
          onError: reject,
        });
      });
      expect(html).toContain("<b>late</b>");
      expect(live()).toEqual(before);
      resource[1].dispose();
    });

    it("shows a resource that has settled, and the fallback of one that has not", async () => {
      const settled = createResource(
        () => 1,
        async () => "done",
      );
      await settled[1].promise();
      const pending = manual();
      const Show = ({ of }: { of: ResourceSource<string, unknown, number> }) =>
        h("b", null, useResource(of, { suspense: true }).value);
      const page = (of: ResourceSource<string, unknown, number>) =>
        h(React.Suspense, { fallback: "wait" }, h(Show, { of }));
      const before = live();
      expect(renderToString(page(settled))).toContain("<b>done</b>");
      expect(renderToString(page(pending.resource))).toContain("wait");
      expect(live()).toEqual(before);
      expect(checkEngine()).toBeUndefined();
      settled[1].dispose();
      pending.resource[1].dispose();
    });
  });
}
