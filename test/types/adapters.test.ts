/** The types of the adapters: what is inferred, and what must not compile. */
import {
  type AsyncStatus,
  asyncComputed,
  asyncSignal,
  createResource,
  createRevision,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import * as react from "@signal-kernel/react";
import * as vue from "@signal-kernel/vue";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { ShallowRef } from "vue";
import { diagnosticsOf } from "../helpers/diagnostics.js";

/* Not called: hooks and composables belong into components. */
const count = signal(1);
const text = computed(() => `${count.get()}`);
const resource = createResource(count.get, async (n: number) => ({ n }));
const stream = createStreamResource(count.get, () => {}, { initialValue: "" });

function useTypesOfReact(): void {
  expectTypeOf(react.useSignalValue(count)).toEqualTypeOf<number>();
  expectTypeOf(react.useComputedValue(text)).toEqualTypeOf<string>();
  expectTypeOf(react.useKernelValue(count.get)).toEqualTypeOf<number>();
  expectTypeOf(react.useReadableValue(createRevision())).toEqualTypeOf<number>();
  expectTypeOf(react.useReadableValue(resource[1].status)).toEqualTypeOf<AsyncStatus>();
  expectTypeOf(react.useReactive(() => count.get() > 1, [])).toEqualTypeOf<boolean>();
  react.useReactive(
    () => [count.get()],
    [],
    (a, b) => a[0] === b[0],
  );
  const ofText = (a: string) => a.length > 1;
  // @ts-expect-error the comparator takes the type of the value
  react.useReactive(() => 1, [], ofText);
  // @ts-expect-error a number cannot be read
  react.useReadableValue(1);

  const view = react.useResource(resource);
  expectTypeOf(view.value).toEqualTypeOf<{ n: number } | undefined>();
  expectTypeOf(view.status).toEqualTypeOf<AsyncStatus>();
  expectTypeOf(view.run).parameter(0).toEqualTypeOf<number>();
  expectTypeOf(react.useResource(resource, { suspense: true }).value).toEqualTypeOf<{
    n: number;
  }>();
  expectTypeOf(react.useResource(asyncSignal(async () => 1)).value).toEqualTypeOf<
    number | undefined
  >();
  expectTypeOf(react.useResource(asyncComputed(async () => 1)).value).toEqualTypeOf<
    number | undefined
  >();
  const saved = react.useResource(fromPromise({ run: async (input: string) => input.length }));
  expectTypeOf(saved.run).parameter(0).toEqualTypeOf<string>();
  expectTypeOf(saved.value).toEqualTypeOf<number | undefined>();
  // @ts-expect-error the value is read-only
  saved.value = 1;

  const streamed = react.useStreamResource(stream);
  expectTypeOf(streamed.status).toEqualTypeOf<AsyncStatus | "streaming">();
  expectTypeOf(streamed.stableValue).toEqualTypeOf<string | undefined>();
  expectTypeOf(react.useStreamResource(stream, { suspense: true }).value).toEqualTypeOf<string>();
  // @ts-expect-error a resource has no stable value
  react.useStreamResource(resource);
}

function useTypesOfVue(): void {
  expectTypeOf(vue.useSignalValue(count)).toEqualTypeOf<vue.ReadonlyRef<number>>();
  expectTypeOf(vue.useComputedValue(text).value).toEqualTypeOf<string>();
  expectTypeOf(vue.useKernelValue(count.get).value).toEqualTypeOf<number>();
  expectTypeOf(vue.useReadableValue(createRevision()).value).toEqualTypeOf<number>();
  expectTypeOf(vue.useReactive(() => count.get() > 1).value).toEqualTypeOf<boolean>();
  expectTypeOf(vue.useSignalRef(count)).toEqualTypeOf<ShallowRef<number>>();
  // @ts-expect-error a computed cannot be written
  vue.useSignalRef(text);
  // @ts-expect-error the ref is read-only
  vue.useSignalValue(count).value = 2;

  const refs = vue.useResource(resource);
  expectTypeOf(refs.value.value).toEqualTypeOf<{ n: number } | undefined>();
  expectTypeOf(refs.status.value).toEqualTypeOf<AsyncStatus>();
  expectTypeOf(refs.promise).returns.toEqualTypeOf<Promise<{ n: number }>>();
  expectTypeOf(vue.useResource(() => resource).run)
    .parameter(0)
    .toEqualTypeOf<number>();
  expectTypeOf(vue.useStreamResource(stream).stableValue.value).toEqualTypeOf<string | undefined>();
}

describe("Types of the adapters", () => {
  it("are those that this file expects, says the compiler", () => {
    expect(diagnosticsOf(import.meta.url)).toEqual([]);
    expect([useTypesOfReact, useTypesOfVue].map((types) => typeof types)).toHaveLength(2);
    for (const { 1: meta } of [resource, stream]) meta.dispose();
  });
});
