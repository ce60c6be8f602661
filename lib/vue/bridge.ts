/**
 * From the kernel's graph to Vue's: refs that are read where the value is, and triggered when it has
 * changed. They hold no copy, so that all of them are of one state whenever they are read, also by a
 * watcher with `flush: "sync"`; and no value is made into a proxy.
 *
 * What belongs to the kernel, an effect, ends with the effect scope in which the composable was called.
 * On the server, where components do not end, there is none.
 */
import {
  computed,
  customRef,
  getCurrentScope,
  hasInjectionContext,
  inject,
  onScopeDispose,
  type ShallowRef,
  ssrContextKey,
} from "vue";
import { lookAt, SignalKernelError, watchFrom } from "#engine";
import { computed as computedOfKernel } from "../core/index.js";

/** A ref that cannot be written, whose value is as it is. */
export type ReadonlyRef<T> = Readonly<ShallowRef<T>>;

/**
 * Whether a composable is to subscribe.
 *
 * @throws SignalKernelError (`ERR_SK_NO_SCOPE`) outside of all scopes: nobody would end it.
 */
function subscribes(name: string): boolean {
  if (getCurrentScope() === undefined)
    throw new SignalKernelError(
      "ERR_SK_NO_SCOPE",
      `${name}() belongs into setup() or an effectScope(), which ends its subscription.`,
    );
  return !hasInjectionContext() || inject<unknown>(ssrContextKey, null) === null;
}

function refuse(name: string): never {
  const error = new TypeError(
    `The ref of ${name}() is read-only. Write the signal, or use useSignalRef().`,
  );
  throw Object.assign(error, { code: "ERR_SK_READ_ONLY" });
}

/** A ref of a single source, which `write` writes; without it the ref is read-only. */
export function refOf<T>(
  name: string,
  read: () => T,
  write: ((value: T) => void) | null,
): ShallowRef<T> {
  const isLive = subscribes(name);
  return customRef<T>((track, trigger) => {
    if (isLive) onScopeDispose(watchFrom(read, trigger));
    return {
      get() {
        track();
        return lookAt(read);
      },
      set(value) {
        if (write === null) refuse(name);
        else write(value);
      },
    };
  });
}

/** What one evaluation of a function has read of the kernel's graph. */
interface Reads {
  readonly areOld: () => boolean;
  readonly stop: () => void;
}

/** Calls `fn`, and `onChange` when something has changed that it has read of the kernel's graph. */
function evaluate<T>(fn: () => T, onChange: () => void): { reads: Reads; outcome: () => T } {
  let outcome: (() => T) | null = null;
  /* It reads what `fn` reads in its first run only: another one means that something has changed. */
  const reads = computedOfKernel(() => {
    if (outcome !== null) return true;
    try {
      const value = fn();
      outcome = () => value;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    return false;
  });
  const areOld = () => lookAt(reads.get);
  areOld();
  const stop = watchFrom(reads.get, onChange);
  return { reads: { areOld, stop }, outcome: outcome as unknown as () => T };
}

/**
 * A ref of what a function makes of what it reads, be it of the kernel's graph or of Vue's. Vue computes
 * it, and asks the kernel at each read whether what it knows is still true: who is told of a change
 * early in a flush sees all of it.
 */
export function derivedRef<T>(name: string, fn: () => T): ReadonlyRef<T> {
  const isLive = subscribes(name);
  let reads: Reads | null = null;
  let ended = false;
  if (isLive)
    onScopeDispose(() => {
      ended = true;
      reads?.stop();
    });
  let touch = () => {};
  const changes = customRef<undefined>((track, trigger) => {
    touch = trigger;
    return { get: track as () => undefined, set() {} };
  });
  const derived = computed(() => {
    void changes.value;
    reads?.stop();
    reads = null;
    const evaluation = evaluate(fn, touch);
    reads = evaluation.reads;
    return evaluation.outcome();
  });
  return customRef<T>(() => ({
    get() {
      if (!isLive || ended) return lookAt(fn);
      if (reads?.areOld()) touch();
      return derived.value;
    },
    set: () => refuse(name),
  }));
}
