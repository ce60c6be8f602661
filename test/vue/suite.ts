/** The composables: what they show, and that nothing is left behind. Run with several versions of Vue. */
import {
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  flushSync,
  type Signal,
  signal,
  transaction,
} from "@signal-kernel/core";
import {
  type ReadonlyRef,
  useComputedValue,
  useKernelValue,
  useReactive,
  useReadableValue,
  useResource,
  useSignalRef,
  useSignalValue,
  useStreamResource,
} from "@signal-kernel/vue";
import { describe, expect, it } from "vitest";
import {
  type App,
  type Component,
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  isProxy,
  nextTick,
  onErrorCaptured,
  onServerPrefetch,
  reactive,
  ref,
  shallowRef,
  vModelText,
  version as vueVersion,
  watch,
  watchEffect,
  withDirectives,
} from "vue";
import { renderToString } from "vue/server-renderer";
import { checkEngine, engine } from "#engine";

interface Container {
  innerHTML: string;
  readonly textContent: string;
  querySelector(selector: string): Container & { value: string; dispatchEvent(e: Event): void };
}
declare const document: { createElement(name: string): Container };

function live() {
  const { nodes, edges, effects, tasks } = engine().counters;
  return { nodes, edges, effects, tasks };
}

function mount(component: Component, create: typeof createApp = createApp, html = "") {
  const element = document.createElement("div");
  element.innerHTML = html;
  const app: App = create(component);
  app.mount(element as never);
  return { app, element, text: () => element.textContent };
}

/** Lets promises settle, cells commit and Vue render. */
async function settle(change?: () => unknown): Promise<void> {
  change?.();
  await new Promise((resolve) => setTimeout(resolve, 1));
  await nextTick();
}

/** Calls a composable where it may be called. */
function inScope<T>(use: () => T): { result: T; stop: () => void } {
  const scope = effectScope(true);
  return { result: scope.run(use) as T, stop: () => scope.stop() };
}

export function describeComposables(version: string): void {
  describe(`Composables that show values, Vue ${version}`, () => {
    it("run on the version that they are to be tested with", () => {
      expect(vueVersion.startsWith(`${version}.`)).toBe(true);
    });

    it("show a signal, a computed, a getter and a function, and render again on a change", async () => {
      const before = live();
      const count = signal(1);
      const double = computed(() => count.get() * 2);
      const { app, text } = mount({
        setup() {
          const refs = [
            useSignalValue(count),
            useComputedValue(double),
            useKernelValue(count.get),
            useReadableValue(double),
            useReactive(() => count.get() + double.get()),
          ];
          return () => refs.map(({ value }) => value).join(" ");
        },
      });
      expect(text()).toBe("1 2 1 2 3");
      await settle(() => count.set(5));
      expect(text()).toBe("5 10 5 10 15");
      app.unmount();
      expect(live()).toEqual(before);
      expect(checkEngine()).toBeUndefined();
    });

    it("are what they show whenever they are read, before any flush too", () => {
      const count = signal(1);
      const { result, stop } = inScope(() => [
        useSignalValue(count),
        useReactive(() => count.get()),
      ]);
      const values = () => result.map(({ value }) => value);
      count.set(2);
      expect(values()).toEqual([2, 2]);
      stop();
      for (const n of [3, 4]) {
        count.set(n);
        expect(values()).toEqual([n, n]);
      }
    });

    it("make no value into a proxy", () => {
      const object = { deep: { a: 1 } };
      const source = signal(object);
      const { result, stop } = inScope(() => ({
        plain: useSignalValue(source),
        written: useSignalRef(source),
        derived: useReactive(() => source.get()),
      }));
      for (const { value } of [result.plain, result.written, result.derived]) {
        expect(isProxy(value)).toBe(false);
        expect(value).toBe(object);
      }
      stop();
    });

    it("read props and refs in a function, beside the graph", async () => {
      const before = live();
      const a = signal("a");
      const b = signal("b");
      const Child = defineComponent({
        props: { source: { type: Object, required: true } },
        setup(props) {
          const shown = useReactive(() => (props.source as Signal<string>).get());
          return () => shown.value;
        },
      });
      const source = shallowRef(a);
      const { app, text } = mount({ setup: () => () => h(Child, { source: source.value }) });
      source.value = b;
      await nextTick();
      expect(text()).toBe("b");
      const shown = live();
      await settle(() => a.set("a2"));
      expect(text()).toBe("b");
      await settle(() => b.set("b2"));
      expect(text()).toBe("b2");
      expect(live()).toEqual(shown);
      app.unmount();
      expect(live()).toEqual(before);
    });

    it("run a function once for a change, and tell nobody of a value that is the same", async () => {
      const count = signal(1);
      let runs = 0;
      let told = 0;
      const { result, stop } = inScope(() => {
        const even = useReactive(() => {
          runs++;
          return count.get() % 2 === 0;
        });
        watch(even, () => told++, { immediate: true });
        return even;
      });
      await settle(() => count.set(3));
      expect([runs, told, result.value]).toEqual([2, 1, false]);
      await settle(() => count.set(4));
      expect([runs, told, result.value]).toEqual([3, 2, true]);
      stop();
    });

    it("evaluate nothing that nobody reads", () => {
      let runs = 0;
      const before = live();
      const { result, stop } = inScope(() => useReactive(() => ++runs));
      expect([runs, live()]).toEqual([0, before]);
      expect(result.value).toBe(1);
      stop();
      expect(live()).toEqual(before);
    });

    it("tell sync watchers of all of a change at once", () => {
      const first = signal(1);
      const second = signal(1);
      const seen: string[] = [];
      const { stop } = inScope(() => {
        const a = useSignalValue(first);
        const b = useSignalValue(second);
        const sum = useReactive(() => first.get() + second.get());
        const look = () => seen.push(`${a.value} ${b.value} ${sum.value}`);
        watch([a, b, sum], look, { flush: "sync" });
      });
      batch(() => {
        first.set(2);
        second.set(2);
      });
      expect([...new Set(seen)]).toEqual(["2 2 4"]);
      expect(seen.length).toBeLessThanOrEqual(3);
      stop();
    });

    it("render an object that was changed in place and set", async () => {
      const list = signal<number[]>([], false);
      const { app, text } = mount({
        setup() {
          const items = useSignalValue(list);
          return () => items.value.join();
        },
      });
      await settle(() =>
        list.set((items) => {
          items.push(1, 2);
          return items;
        }),
      );
      expect(text()).toBe("1,2");
      app.unmount();
    });

    it("throw the error of a computed where it is read, and recover with it", async () => {
      const count = signal(1);
      const risky = computed(() => {
        if (count.get() === 2) throw new Error("two");
        return count.get();
      });
      const caught: unknown[] = [];
      const Child = {
        setup() {
          const value = useComputedValue(risky);
          const derived = useReactive(() => risky.get() * 10);
          return () => `${value.value} ${derived.value}`;
        },
      };
      const { app, text } = mount({
        setup() {
          onErrorCaptured((error) => {
            caught.push(error.message);
            return false;
          });
          return () => h(Child);
        },
      });
      await settle(() => count.set(2));
      expect(caught).toEqual(["two"]);
      await settle(() => count.set(3));
      expect(text()).toBe("3 30");
      app.unmount();
    });

    it("write a signal through a ref, also with v-model and with a function as value", async () => {
      const text = signal("a");
      const { app, element } = mount({
        setup() {
          const model = useSignalRef(text);
          return () => [
            withDirectives(
              h("input", { "onUpdate:modelValue": (value: string) => (model.value = value) }),
              [[vModelText, model.value]],
            ),
            h("p", model.value),
          ];
        },
      });
      const input = element.querySelector("input");
      input.value = "typed";
      input.dispatchEvent(new Event("input"));
      expect(text.get()).toBe("typed");
      await settle();
      expect(element.querySelector("p").textContent).toBe("typed");
      app.unmount();

      const fn = () => 1;
      const held = signal<() => number>(() => 0);
      const { result, stop } = inScope(() => useSignalRef(held));
      result.value = fn;
      expect(held.get()).toBe(fn);
      stop();
    });

    it("do not belong to the effect that they are used in, nor does what watchers create", () => {
      const before = live();
      const count = signal(1);
      const other = signal(1);
      const seen: number[] = [];
      const stops: (() => void)[] = [];
      let shown: ReadonlyRef<number> | undefined;
      const stopOuter = createEffect(() => {
        other.get();
        if (shown !== undefined) return;
        const { result, stop } = inScope(() => useSignalValue(count));
        shown = result;
        stops.push(stop);
      });
      const { stop } = inScope(() =>
        watch(
          shown as ReadonlyRef<number>,
          (n) => n === 2 && stops.push(createEffect(() => void seen.push(other.get()))),
          { flush: "sync" },
        ),
      );
      other.set(2);
      flushSync();
      count.set(2);
      flushSync();
      count.set(3);
      flushSync();
      other.set(3);
      flushSync();
      expect(seen).toEqual([2, 3]);
      for (const end of [stop, stopOuter, ...stops]) end();
      expect(live()).toEqual(before);
    });

    it("do not show what an asynchronous transaction has staged", async () => {
      const count = signal(1);
      const { result, stop } = inScope(() => useSignalValue(count));
      await transaction(async () => {
        count.set(2);
        await null;
        expect(result.value).toBe(1);
      });
      expect(result.value).toBe(2);
      stop();
    });

    it("refuse to be used where nobody would end them, and what cannot be read or written", () => {
      expect(() => useSignalValue(signal(1))).toThrow(
        expect.objectContaining({ code: "ERR_SK_NO_SCOPE" }),
      );
      const { stop } = inScope(() => {
        const invalid = expect.objectContaining({ code: "ERR_SK_INVALID_ARG" });
        expect(() => useReadableValue({} as never)).toThrow(invalid);
        expect(() => useSignalRef({ get: () => 1 } as never)).toThrow(invalid);
        expect(() => useResource({} as never)).toThrow(invalid);
        const shown = useSignalValue(signal(1)) as { value: number };
        expect(() => (shown.value = 2)).toThrow(TypeError);
      });
      stop();
    });
  });

  describe(`Composables that show cells, Vue ${version}`, () => {
    it("show value, status and error of one outcome together to a sync watcher", async () => {
      const id = signal(1);
      const resource = createResource(id.get, async (n) => {
        if (n === 2) throw new Error("two");
        return n * 10;
      });
      const before = live();
      const seen: string[] = [];
      const { stop } = inScope(() => {
        const { value, status, error } = useResource(resource);
        watch(
          [status, value, error],
          () => seen.push(`${status.value} ${value.value} ${(error.value as Error)?.message}`),
          { flush: "sync" },
        );
      });
      await settle();
      await settle(() => id.set(2));
      expect([...new Set(seen)]).toEqual([
        "success 10 undefined",
        "pending 10 undefined",
        "error 10 two",
      ]);
      stop();
      expect(live()).toEqual(before);
      resource[1].dispose();
    });

    it("show the cells of a group together to a sync watcher, and the status alone to who reads that", async () => {
      const id = signal(1);
      const group = createAsyncGroup();
      const load = async (n: number) => n;
      const resources = [1, 2].map(() => createResource(id.get, load, { group }));
      const seen: string[] = [];
      let statuses = 0;
      const { stop } = inScope(() => {
        const [a, b] = resources.map((resource) => useResource(resource));
        const look = () => seen.push(`${a?.value.value} ${b?.value.value} ${b?.stale.value}`);
        watch([a?.value, b?.value], look, { flush: "sync" });
        watchEffect(() => {
          void a?.status.value;
          statuses++;
        });
      });
      await settle();
      await settle(() => id.set(2));
      expect([...new Set(seen)]).toEqual(["1 1 false", "2 2 false"]);
      const before = statuses;
      await settle(() => resources[0]?.[1].mutate(7));
      expect([...new Set(seen)].at(-1)).toBe("7 2 false");
      expect(statuses - before).toBeLessThanOrEqual(2);
      stop();
      for (const [, meta] of resources) meta.dispose();
      group.dispose();
    });

    it("follow a resource that is switched, and act on the one that is shown", async () => {
      const make = (text: string) => fromPromise({ run: async (n: number) => `${text}${n}` });
      const cells = { a: make("a"), b: make("b") };
      const which = ref<"a" | "b">("a");
      const { result, stop } = inScope(() => useResource(() => cells[which.value]));
      expect(await result.run(1)).toBe("a1");
      which.value = "b";
      expect(result.status.value).toBe("idle");
      expect(await result.run(2)).toBe("b2");
      expect([result.value.value, cells.a.value()]).toEqual(["b2", "a1"]);
      await result.mutate("shown");
      expect(result.state.value).toMatchObject({ value: "shown", status: "success" });
      stop();
      for (const cell of Object.values(cells)) cell.dispose();
    });

    it("take a cell out of reactive state", async () => {
      const resource = createResource(
        () => 1,
        async () => "done",
      );
      const state = reactive({ resource });
      const { result, stop } = inScope(() => useResource(() => state.resource as typeof resource));
      await settle();
      expect(result.value.value).toBe("done");
      stop();
      resource[1].dispose();
    });

    it("show a stream chunk by chunk, and its stable value", async () => {
      let run: StreamContext<string, string> | undefined;
      const resource = createStreamResource<number, string, string>(
        () => 1,
        (_input, context) => {
          run = context;
        },
        { reduce: (text = "", chunk) => text + chunk },
      );
      const { app, text } = mount({
        setup() {
          const { value, stableValue, status } = useStreamResource(resource);
          return () => `${value.value} ${stableValue.value} ${status.value}`;
        },
      });
      await settle();
      await settle(() => run?.emit("a"));
      expect(text()).toBe("a undefined streaming");
      await settle(() => run?.emit("b"));
      await settle(() => run?.done());
      expect(text()).toBe("ab ab success");
      app.unmount();
      resource[1].dispose();
    });
  });

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
