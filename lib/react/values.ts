/**
 * The hooks that show values.
 */
import { useMemo } from "react";
import { invalidArgument, requireFunction } from "#engine";
import type { Readable } from "../async-runtime/index.js";
import type { Computed, EqualsOption, Signal } from "../core/index.js";
import { createView, useView, type View } from "./view.js";

function viewOf<T>(source: Readable<T>): View<T> {
  /* A function may read anything; what has a `get` knows itself which of its values are the same. */
  if (typeof source === "function") return createView(source, Object.is);
  if (typeof source !== "object" || source === null || typeof source.get !== "function")
    throw invalidArgument("source", "a getter or an object with get", source);
  return createView(() => source.get(), null);
}

/**
 * Shows whatever can be read, and renders again when that has changed: a signal, a computed, a
 * revision, the getter of a cell or one of its meta's.
 *
 * @param source May be another one at each render. Inline functions are better off in `useReactive`.
 * @returns The value as it is now.
 * @throws What the source throws, to the next error boundary; TypeError (`ERR_SK_INVALID_ARG`) when it
 *   cannot be read.
 * @example
 * const status = useReadableValue(meta.status);
 */
export function useReadableValue<T>(source: Readable<T>): T {
  return useView(useMemo(() => viewOf(source), [source]));
}

/**
 * Shows a signal.
 *
 * @param signal May be another one at each render.
 * @returns Its value as it is now.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it cannot be read.
 * @example
 * function Counter() {
 *   const n = useSignalValue(count);
 *   return <button onClick={() => count.set(n + 1)}>{n}</button>;
 * }
 */
export function useSignalValue<T>(signal: Pick<Signal<T>, "get"> | (() => T)): T {
  return useReadableValue(signal);
}

/**
 * Shows a computed, which is evaluated when nobody has done so before.
 *
 * @param computed May be another one at each render.
 * @returns Its value as it is now.
 * @throws What the computed throws, to the next error boundary.
 * @example
 * const total = computed(() => price.get() * amount.get());
 * const Total = () => <b>{useComputedValue(total)}</b>;
 */
export function useComputedValue<T>(computed: Pick<Computed<T>, "get"> | (() => T)): T {
  return useReadableValue(computed);
}

/**
 * Shows anything that the kernel can track: the same as {@link useReadableValue}.
 *
 * @param source May be another one at each render.
 * @returns The value as it is now.
 * @throws What the source throws, to the next error boundary.
 * @example
 * const rows = useKernelValue(disk.get);
 */
export function useKernelValue<T>(source: Readable<T>): T {
  return useReadableValue(source);
}

function sameOf<T>(equals: EqualsOption<T> | undefined): ((a: T, b: T) => boolean) | null {
  if (equals === false) return null;
  if (equals !== undefined) requireFunction("equals", equals);
  return equals ?? Object.is;
}

/**
 * Shows what a function makes of what it reads. It may use props and state: without `deps` the
 * function of each render counts.
 *
 * @param fn Must only read. It runs when it is rendered and when something it has read has changed.
 * @param deps As for `useMemo`: with them the hook stays subscribed as long as they are the same, and
 *   with an empty list for good. Without them it subscribes after each render.
 * @param equals Whether a new value counts as the old one, in which case nothing is rendered. Default
 *   `Object.is`. That of the first render with these `deps` counts.
 * @returns The value as it is now.
 * @throws What `fn` throws, to the next error boundary; TypeError (`ERR_SK_INVALID_ARG`) for bad
 *   arguments.
 * @example
 * const label = useReactive(() => `${name.get()}: ${todos.get()[index]}`, [index]);
 */
export function useReactive<T>(
  fn: () => T,
  deps?: readonly unknown[],
  equals?: EqualsOption<NoInfer<T>>,
): T {
  requireFunction("fn", fn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller's list, as in useMemo itself
  return useView(useMemo(() => createView<T>(fn, sameOf(equals)), deps ?? [fn]));
}
