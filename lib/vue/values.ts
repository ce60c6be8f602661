/**
 * The composables that show values.
 */
import type { ShallowRef } from "vue";
import { invalidArgument, requireFunction } from "#engine";
import type { Readable } from "../async-runtime/index.js";
import type { Computed, Signal } from "../core/index.js";
import { derivedRef, type ReadonlyRef, refOf } from "./bridge.js";

function readableRef<T>(name: string, source: Readable<T>): ReadonlyRef<T> {
  if (typeof source === "function") return derivedRef(name, source);
  if (typeof source !== "object" || source === null || typeof source.get !== "function")
    throw invalidArgument("source", "a getter or an object with get", source);
  return refOf(name, () => source.get(), null);
}

/**
 * A ref of whatever can be read: a signal, a computed, a revision, the getter of a cell or one of its
 * meta's. A function may also read props and refs.
 *
 * @param source What is read.
 * @returns A read-only ref; its value is never made into a proxy. Reading it throws what the source
 *   throws.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it cannot be read; SignalKernelError
 *   (`ERR_SK_NO_SCOPE`) outside of `setup()` and all effect scopes.
 * @example
 * const status = useReadableValue(meta.status);
 * const shown = useReadableValue(() => props.source.get());
 */
export function useReadableValue<T>(source: Readable<T>): ReadonlyRef<T> {
  return readableRef("useReadableValue", source);
}

/**
 * A ref of a signal.
 *
 * @param signal What is read.
 * @returns A read-only ref; {@link useSignalRef} makes one that can be written.
 * @throws As {@link useReadableValue}.
 * @example
 * const count = useSignalValue(counter);
 */
export function useSignalValue<T>(signal: Pick<Signal<T>, "get"> | (() => T)): ReadonlyRef<T> {
  return readableRef("useSignalValue", signal);
}

/**
 * A ref of a computed, which is evaluated when nobody has done so before.
 *
 * @param computed What is read.
 * @returns A read-only ref. Reading it throws what the computed throws.
 * @throws As {@link useReadableValue}.
 * @example
 * const total = useComputedValue(computed(() => price.get() * amount.get()));
 */
export function useComputedValue<T>(
  computed: Pick<Computed<T>, "get"> | (() => T),
): ReadonlyRef<T> {
  return readableRef("useComputedValue", computed);
}

/**
 * A ref of anything that the kernel can track: the same as {@link useReadableValue}.
 *
 * @param source What is read.
 * @returns A read-only ref.
 * @throws As {@link useReadableValue}.
 * @example
 * const rows = useKernelValue(disk.get);
 */
export function useKernelValue<T>(source: Readable<T>): ReadonlyRef<T> {
  return readableRef("useKernelValue", source);
}

/**
 * A ref of what a function makes of what it reads: signals, computeds and cells as well as props, refs
 * and what else is Vue's.
 *
 * @param fn Must only read. It runs when its ref is read and something that it has read has changed.
 * @returns A read-only ref. Reading it throws what `fn` throws.
 * @throws As {@link useReadableValue}.
 * @example
 * const label = useReactive(() => `${name.get()}: ${todos.get()[props.index]}`);
 */
export function useReactive<T>(fn: () => T): ReadonlyRef<T> {
  requireFunction("fn", fn);
  return derivedRef("useReactive", fn);
}

/**
 * A ref of a signal that can also be written, as `v-model` does. The signal has the new value at once;
 * who watches the ref is told when the kernel flushes, in a microtask or at the end of a batch.
 *
 * @param signal What is read and written.
 * @returns A ref; its value is never made into a proxy.
 * @throws As {@link useReadableValue}.
 * @example
 * const text = useSignalRef(draft); // <input v-model="text">
 */
export function useSignalRef<T>(signal: Pick<Signal<T>, "get" | "set">): ShallowRef<T> {
  if (typeof signal?.get !== "function" || typeof signal.set !== "function")
    throw invalidArgument("signal", "a signal", signal);
  /* The function form of `set`, as the value itself may be a function. */
  return refOf(
    "useSignalRef",
    () => signal.get(),
    (value) => signal.set(() => value),
  );
}
