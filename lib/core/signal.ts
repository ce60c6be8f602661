import {
  createSubscription,
  disposeEffect,
  peekSignal,
  readSignal,
  requireFunction,
  SignalNode,
  updateSignal,
  writeSignal,
} from "#engine";
import { checkOptions, type EqualsOption, type SignalOptions } from "./options.js";

/** A writable value. Every method works detached: `const { get, set } = signal(1)`. */
export interface Signal<T> {
  /** The value; tracked when an effect or computed is running. */
  readonly get: () => T;
  /**
   * Writes a value, or what a function makes of the previous one. A function as value goes through
   * the function form: `set(() => fn)`. Effects run at the end of the outermost batch, else in a
   * microtask.
   *
   * @throws WriteInComputedError inside a computed.
   */
  readonly set: (value: T | ((previous: T) => T)) => void;
  /**
   * Calls `listener` with each committed new value, until the returned function is called or the
   * effect in which it was subscribed ends.
   */
  readonly subscribe: (listener: (value: T) => void) => () => void;
  /** The value, not tracked. */
  readonly peek: () => T;
}

/**
 * Creates a signal: a value that computeds and effects can depend on.
 *
 * @param initial The first value.
 * @param equals How a new value is compared with the old one (default `Object.is`; `false`: always
 *   different), or options. A write that compares equal does nothing.
 * @returns `{ get, set, subscribe, peek }`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad options.
 * @example
 * const count = signal(0);
 * count.set(5);
 * count.set((n) => n + 1);
 * count.get(); // 6
 */
export function signal<T>(initial: T, equals?: EqualsOption<T> | SignalOptions<T>): Signal<T> {
  const { equality, name } = checkOptions(equals);
  const node = new SignalNode<T>(initial, equality, name);
  return {
    get: () => readSignal(node),
    set: (value) => {
      if (typeof value === "function") updateSignal(node, value as (previous: T) => T);
      else writeSignal(node, value);
    },
    subscribe: (listener) => {
      requireFunction("listener", listener);
      const subscription = createSubscription(node, listener);
      return () => disposeEffect(subscription);
    },
    peek: () => peekSignal(node),
  };
}
