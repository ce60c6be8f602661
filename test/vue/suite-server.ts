/** Composables on a server, and in the client that hydrates. Run with several versions of Vue. */
import { createResource } from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import { useComputedValue, useReactive, useResource, useSignalValue } from "@signal-kernel/vue";
import { describe, expect, it } from "vitest";
import { createSSRApp, h, onServerPrefetch } from "vue";
import { renderToString } from "vue/server-renderer";
import { live, mount, settle } from "./mount.js";

export function describeServer(version: string): void {
  describe(`The server, Vue ${version}`, () => {
    const count = signal(1);
    const double = computed(() => count.get() * 2);
    const Page = {
      setup() {
        const a = useSignalValue(count);
        const b = useComputedValue(double);
        const c = useReactive(() => count.get() + 1);
        return () => h("p", `${a.value} ${b.value} ${c.value}`);
      },
    };

    it("renders without subscribing", async () => {
      const before = live();
      expect(await renderToString(createSSRApp(Page))).toBe("<p>1 2 2</p>");
      expect(live()).toEqual(before);
    });

    it("agrees with the client that hydrates", async () => {
      const before = live();
      const html = await renderToString(createSSRApp(Page));
      const { warn, error } = console;
      const lines: unknown[] = [];
      console.warn = console.error = (...args: unknown[]) => void lines.push(args);
      try {
        const { app, element, text } = mount(Page, createSSRApp, html);
        expect(element.innerHTML).toBe(html);
        await settle(() => count.set(5));
        expect(text()).toBe("5 10 6");
        app.unmount();
      } finally {
        Object.assign(console, { warn, error });
      }
      expect(lines).toEqual([]);
      expect(live()).toEqual(before);
    });

    it("waits for a resource in an async setup", async () => {
      const resource = createResource(
        () => 1,
        async () => "done",
      );
      const before = live();
      const app = createSSRApp({
        async setup() {
          const { value, promise } = useResource(resource);
          await promise();
          return () => value.value;
        },
      });
      expect(await renderToString(app)).toBe("done");
      expect(live()).toMatchObject({ effects: before.effects, nodes: before.nodes });
      resource[1].dispose();
    });

    it("waits for a resource in onServerPrefetch", async () => {
      const resource = createResource(
        () => 1,
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return "done";
        },
      );
      const before = live();
      const app = createSSRApp({
        setup() {
          const { value, status, promise } = useResource(resource);
          onServerPrefetch(() => promise());
          return () => `${status.value} ${value.value}`;
        },
      });
      expect(await renderToString(app)).toBe("success done");
      expect(live()).toMatchObject({ effects: before.effects, nodes: before.nodes });
      resource[1].dispose();
    });
  });
}
