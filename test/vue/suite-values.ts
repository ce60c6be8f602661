/** Composables that show values, and that nothing is left behind. Run with several versions of Vue. */
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
} from "@signal-kernel/vue";
import { describe, expect, it } from "vitest";
import {
  defineComponent,
  h,
  isProxy,
  nextTick,
  onErrorCaptured,
  shallowRef,
  vModelText,
  version as vueVersion,
  watch,
  withDirectives,
} from "vue";
import { checkEngine } from "#engine";
import { inScope, live, mount, settle } from "./mount.js";

export function describeValues(version: string): void {
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
        for (const shown of [useSignalValue(signal(1)), useReactive(() => 1)])
          expect(() => ((shown as { value: number }).value = 2)).toThrow(
            expect.objectContaining({ name: "TypeError", code: "ERR_SK_READ_ONLY" }),
          );
      });
      stop();
    });
  });
}
