/** Composables that show cells: value, status and error of one outcome. Run with several versions of Vue. */
import {
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { useResource, useStreamResource } from "@signal-kernel/vue";
import { describe, expect, it } from "vitest";
import { reactive, ref, watch, watchEffect } from "vue";
import { inScope, live, mount, settle } from "./mount.js";

export function describeCells(version: string): void {
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

    it("refuse the other kind of cell, at the call", () => {
      const resource = createResource(
        () => 1,
        async () => 1,
      );
      const stream = createStreamResource<number, number, number>(
        () => 1,
        () => {},
        { reduce: (_, chunk) => chunk },
      );
      const { stop } = inScope(() => {
        const invalid = expect.objectContaining({ code: "ERR_SK_INVALID_ARG" });
        expect(() => useResource(stream as never)).toThrow(invalid);
        expect(() => useStreamResource(resource as never)).toThrow(invalid);
      });
      stop();
      for (const [, meta] of [resource, stream]) meta.dispose();
    });

    it("act on the cell that is shown: reload, cancel and promise", async () => {
      let runs = 0;
      const resource = createResource(
        () => 1,
        async () => ++runs,
      );
      let aborts = 0;
      const stream = createStreamResource<number, string, string>(
        () => 1,
        (_input, { emit, onCleanup }) => {
          emit("a");
          onCleanup(() => aborts++);
        },
        { reduce: (text = "", chunk) => text + chunk, onCancel: "keep-partial" },
      );
      const { result, stop } = inScope(() => ({
        single: useResource(resource),
        many: useStreamResource(stream),
      }));
      const { single, many } = result;
      expect(await single.promise()).toBe(1);
      expect(await single.reload()).toBe(2);
      const running = single.reload();
      single.cancel();
      expect([await running, single.status.value]).toEqual([undefined, "cancelled"]);
      await settle();
      const ended = many.promise().catch((reason: unknown) => reason);
      many.cancel("enough");
      expect([await ended, many.status.value, many.value.value]).toEqual([
        "enough",
        "cancelled",
        "a",
      ]);
      void many.reload();
      await settle();
      expect([aborts, many.status.value]).toEqual([1, "streaming"]);
      stop();
      for (const [, meta] of [resource, stream]) meta.dispose();
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
}
