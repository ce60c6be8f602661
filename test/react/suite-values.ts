/** The hooks that show values; run with React 18 and with React 19. */
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  type Signal,
  signal,
  transaction,
} from "@signal-kernel/core";
import {
  useComputedValue,
  useKernelValue,
  useReactive,
  useReadableValue,
  useSignalValue,
} from "@signal-kernel/react";
import * as React from "react";
import { flushSync as flushReact } from "react-dom";
import { describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import {
  act,
  Boundary,
  type Container,
  consoleOf,
  h,
  live,
  mount,
  outsideAct,
  typeInto,
} from "./dom.js";

export function describeValues(version: string): void {
  describe(`The hooks that show values, React ${version}`, () => {
    it("run on the version that they are to be tested with", () => {
      expect(`${React.version}.`.startsWith(`${version}.`)).toBe(true);
    });

    it("show a signal, a computed, a getter and a function, and render again on a change", async () => {
      const before = live();
      const count = signal(1);
      const double = computed(() => count.get() * 2);
      const App = () =>
        [
          useSignalValue(count),
          useComputedValue(double),
          useKernelValue(count.get),
          useReadableValue(double),
          useReactive(() => count.get() + double.get()),
        ].join(" ");
      const app = await mount(h(App));
      expect(app.text()).toBe("1 2 1 2 3");
      await act(async () => count.set(5));
      expect(app.text()).toBe("5 10 5 10 15");
      await app.unmount();
      expect(live()).toEqual(before);
      expect(checkEngine()).toBeUndefined();
    });

    it("render once for a change, also of an inline function", async () => {
      const a = signal(1);
      const b = signal(1);
      let renders = 0;
      const App = () => {
        renders++;
        const sum = useReactive(() => a.get() + b.get());
        return `${sum} ${useSignalValue(a)} ${useReactive(() => ({ b: b.get() }), []).b}`;
      };
      const app = await mount(h(App));
      expect(renders).toBe(1);
      await act(async () => {
        a.set(2);
        b.set(2);
      });
      expect(app.text()).toBe("4 2 2");
      expect(renders).toBe(2);
      await app.unmount();
    });

    it("do not render for a value that counts as the same", async () => {
      const count = signal(1);
      const point = signal({ x: 1 }, (a, b) => a.x === b.x);
      let renders = 0;
      const App = () => {
        renders++;
        const even = useReactive(() => count.get() % 2 === 0);
        const list = useReactive(
          () => [count.get() > 100],
          [],
          (a, b) => a[0] === b[0],
        );
        return `${even} ${list[0]} ${useSignalValue(point).x}`;
      };
      const app = await mount(h(App));
      await act(async () => {
        count.set(3);
        point.set({ x: 1 });
      });
      expect(renders).toBe(1);
      await act(async () => count.set(101));
      expect([renders, app.text()]).toEqual([2, "false true 1"]);
      await app.unmount();
    });

    it("render whatever wakes them when no two values count as the same", async () => {
      const count = signal(1);
      let renders = 0;
      const App = () => {
        renders++;
        return `${useReactive(() => count.get() > 0, [], false)}`;
      };
      const app = await mount(h(App));
      await act(async () => count.set(2));
      expect([renders, app.text()]).toEqual([2, "true"]);
      await app.unmount();
    });

    it("render an object that was changed in place and set", async () => {
      const list = signal<number[]>([], false);
      const App = () => useSignalValue(list).join();
      const app = await mount(h(App));
      await act(async () => {
        list.set((items) => {
          items.push(1, 2);
          return items;
        });
      });
      expect(app.text()).toBe("1,2");
      await app.unmount();
    });

    it("follow a source that is switched by a prop", async () => {
      const before = live();
      const a = signal("a");
      const b = signal("b");
      const App = ({ source }: { source: Signal<string> }) => useSignalValue(source);
      const app = await mount(h(App, { source: a }));
      await app.render(h(App, { source: b }));
      expect(app.text()).toBe("b");
      await act(async () => a.set("a2"));
      expect(app.text()).toBe("b");
      await act(async () => b.set("b2"));
      expect(app.text()).toBe("b2");
      await app.render(h(App, { source: a }));
      expect(app.text()).toBe("a2");
      await app.unmount();
      expect(live()).toEqual(before);
    });

    it("see a source whose methods are those of a prototype for itself", async () => {
      class Source {
        constructor(readonly value: string) {}
        get(): string {
          return this.value;
        }
      }
      const App = ({ source }: { source: Source }) => useReadableValue(source);
      const app = await mount(h(App, { source: new Source("one") }));
      await app.render(h(App, { source: new Source("two") }));
      expect(app.text()).toBe("two");
      await app.unmount();
    });

    it("use the props of an inline function, also after later changes", async () => {
      const rows = signal(["a", "b", "c"]);
      const App = ({ index }: { index: number }) => useReactive(() => rows.get()[index]);
      const app = await mount(h(App, { index: 0 }));
      await app.render(h(App, { index: 2 }));
      expect(app.text()).toBe("c");
      await act(async () => rows.set(["x", "y", "z"]));
      expect(app.text()).toBe("z");
      await app.unmount();
    });

    it("use the function of the last change of deps", async () => {
      const before = live();
      const rows = signal(["a", "b"]);
      let runs = 0;
      const App = ({ index }: { index: number; other?: number }) =>
        useReactive(() => {
          runs++;
          return rows.get()[index];
        }, [index]);
      const app = await mount(h(App, { index: 0 }));
      await app.render(h(App, { index: 0, other: 1 }));
      expect(runs).toBe(1);
      await app.render(h(App, { index: 1 }));
      expect([runs, app.text()]).toEqual([2, "b"]);
      await app.unmount();
      expect(live()).toEqual(before);
    });

    it("see a change between render and subscription", async () => {
      const count = signal(1);
      const Early = () => useSignalValue(count);
      const Writer = () => {
        React.useLayoutEffect(() => {
          count.set(2);
          flushSync();
        }, []);
        return null;
      };
      const app = await mount(h(React.Fragment, null, h(Early), h(Writer)));
      expect(app.text()).toBe("2");
      await app.unmount();
    });

    it("evaluate a computed that nobody has evaluated", async () => {
      const fresh = computed(() => "fresh");
      const App = () => useComputedValue(fresh);
      const app = await mount(h(App));
      expect(app.text()).toBe("fresh");
      await app.unmount();
    });

    it("show all of one change in one render: nothing tears", async () => {
      const first = signal(1);
      const second = computed(() => first.get() * 10);
      const seen: string[] = [];
      const Child = ({ parent }: { parent: number }) => {
        seen.push(`${parent} ${useComputedValue(second)}`);
        return null;
      };
      const App = () => h(Child, { parent: useSignalValue(first) });
      const app = await mount(h(App));
      await act(async () => first.set(2));
      expect([...new Set(seen)]).toEqual(["1 10", "2 20"]);
      await app.unmount();
    });

    it("show one state although a transition is interrupted by a change", async () => {
      const count = signal(0);
      const seen: string[] = [];
      let slices = 0;
      const Cell = () => {
        const end = performance.now() + 3;
        while (performance.now() < end);
        return h("i", null, useSignalValue(count));
      };
      let show: (on: boolean) => void = () => {};
      const look = (element: Container) => {
        const texts = [...element.querySelectorAll("i")].map((i) => i.textContent);
        if (texts.length > 0) seen.push([...new Set(texts)].join());
      };
      const App = () => {
        const [on, set] = React.useState(false);
        const ref = React.useRef<Container>(null);
        show = set;
        React.useLayoutEffect(() => {
          if (ref.current !== null) look(ref.current);
        });
        return h(
          "p",
          { ref },
          on ? Array.from({ length: 20 }, (_, key) => h(Cell, { key })) : null,
        );
      };
      const app = await mount(h(App));
      await outsideAct(async () => {
        React.startTransition(() => show(true));
        for (; seen.length === 0; slices++) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (slices < 5) count.set((n) => n + 1);
        }
      });
      await act(async () => count.set(100));
      look(app.element);
      expect(slices).toBeGreaterThan(1);
      expect(seen.filter((texts) => texts.includes(","))).toEqual([]);
      expect(seen.at(-1)).toBe("100");
      await app.unmount();
    });

    it("throw the error of a computed to the boundary, and recover with it", async () => {
      const before = live();
      const count = signal(1);
      const risky = computed(() => {
        if (count.get() === 2) throw new Error("two");
        return count.get();
      });
      const boundary = React.createRef<Boundary>();
      const App = () => useComputedValue(risky);
      const lines = await consoleOf(async () => {
        const app = await mount(h(Boundary, { ref: boundary }, h(App)));
        expect(app.text()).toBe("1");
        await act(async () => count.set(2));
        expect(app.text()).toBe("caught two");
        await act(async () => count.set(3));
        await act(async () => boundary.current?.reset());
        expect(app.text()).toBe("3");
        await app.unmount();
      });
      expect(lines.join()).toContain("App");
      expect(live()).toEqual(before);
    });

    it("abort, as any effect does, a transaction that makes what they show throw", async () => {
      const count = signal(1);
      const risky = computed(() => {
        if (count.get() === 2) throw new Error("two");
        return count.get();
      });
      const App = () => useComputedValue(risky);
      const app = await mount(h(App));
      await act(async () => {
        expect(() => transaction(() => count.set(2))).toThrow("two");
      });
      expect([app.text(), count.get()]).toEqual(["1", 1]);
      await app.unmount();
    });

    it("throw what a function throws in its first render", async () => {
      const App = () =>
        useReactive<string>(() => {
          throw new Error("at once");
        });
      await consoleOf(async () => {
        const app = await mount(h(Boundary, null, h(App)));
        expect(app.text()).toBe("caught at once");
        await app.unmount();
      });
    });

    it("leave nothing in the kernel in StrictMode", async () => {
      const before = live();
      const count = signal(1);
      const App = () => `${useSignalValue(count)} ${useReactive(() => count.get() * 2)}`;
      const app = await mount(h(React.StrictMode, null, h(App)));
      await act(async () => count.set(2));
      expect(app.text()).toBe("2 4");
      await app.unmount();
      expect(live()).toEqual(before);
    });

    it("leave nothing in the kernel by renders that never commit", async () => {
      const before = live();
      const count = signal(1);
      const double = computed(() => count.get() * 2);
      let renders = 0;
      const App = (): string => {
        renders++;
        const text = `${useComputedValue(double)} ${useReactive(() => count.get())}`;
        if (renders < 1000) throw new Promise(() => {});
        return text;
      };
      const Suspended = () => h(React.Suspense, { fallback: "wait" }, h(App));
      const app = await mount(h(Suspended));
      await app.render(h(Suspended));
      expect(app.text()).toBe("wait");
      expect(renders).toBeGreaterThan(0);
      expect(live()).toEqual(before);
      await app.unmount();
      expect(live()).toEqual(before);
    });

    it("read the committed state when they are rendered inside of the graph", async () => {
      const before = live();
      const count = signal(1);
      const trigger = signal(0);
      let effects = 0;
      const App = () => useSignalValue(count);
      const app = await mount(null);
      const scope = createScope();
      await act(async () =>
        scope.run(() =>
          createEffect(() => {
            effects++;
            trigger.get();
            flushReact(() => app.root.render(h(App)));
          }),
        ),
      );
      expect(app.text()).toBe("1");
      await act(async () => scope.dispose());
      await act(async () => count.set(2));
      expect([app.text(), effects]).toEqual(["2", 1]);
      await app.unmount();
      expect(live()).toEqual(before);
    });

    it("do not show what an asynchronous transaction has staged", async () => {
      const count = signal(1);
      const double = computed(() => count.get() * 2);
      const App = () => `${useSignalValue(count)} ${useComputedValue(double)}`;
      const app = await mount(null);
      await act(async () => {
        await transaction(async () => {
          count.set(2);
          await null;
          flushReact(() => app.root.render(h(App)));
          expect(app.text()).toBe("1 2");
        });
      });
      expect(app.text()).toBe("2 4");
      await app.unmount();
    });

    it("keep the text of a controlled input whose handler writes in a batch", async () => {
      const text = signal("");
      const App = () =>
        h("input", {
          value: useSignalValue(text),
          onChange: ({ target }: { target: { value: string } }) =>
            batch(() => text.set(target.value)),
        });
      const app = await mount(h(App));
      await outsideAct(async () => {
        typeInto(app.element.querySelector("input") as Container, "typed");
        expect((app.element.querySelector("input") as Container).value).toBe("typed");
      });
      expect(text.get()).toBe("typed");
      await app.unmount();
    });

    it("refuse what cannot be read", async () => {
      const App = () => useReadableValue<string>({} as never);
      await consoleOf(async () => {
        const app = await mount(h(Boundary, null, h(App)));
        expect(app.text()).toMatch(/^caught .*source/);
        await app.unmount();
      });
    });
  });
}
