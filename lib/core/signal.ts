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
import { canDefine, DEFINE, type Define, FIRST, NODE, OTHERS, SECOND } from "./handle.js";
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

interface Others {
  subscribe?: Signal<unknown>["subscribe"];
  peek?: Signal<unknown>["peek"];
}

/** All fields exist from the start: handles keep one shape whatever is used of them. */
class SignalHandle {
  readonly [NODE]: SignalNode;
  [FIRST]: Signal<unknown>["get"] | null = null;
  [SECOND]: Signal<unknown>["set"] | null = null;
  [OTHERS]: Others | null = null;
  declare readonly [DEFINE]: Define;

  constructor(node: SignalNode) {
    this[NODE] = node;
    this[DEFINE]("get", getGet as () => unknown);
    this[DEFINE]("set", getSet as () => unknown);
    this[DEFINE]("subscribe", getSubscribe as () => unknown);
    this[DEFINE]("peek", getPeek as () => unknown);
  }
}
canDefine(SignalHandle.prototype);

const bindGet = (node: SignalNode) => () => readSignal(node);

const bindSet = (node: SignalNode) => (value: unknown) => {
  if (typeof value === "function") updateSignal(node, value as (previous: unknown) => unknown);
  else writeSignal(node, value);
};

const bindSubscribe = (node: SignalNode) => (listener: (value: unknown) => void) => {
  requireFunction("listener", listener);
  const subscription = createSubscription(node, listener);
  return () => disposeEffect(subscription);
};

const bindPeek = (node: SignalNode) => () => peekSignal(node);

function getGet(this: SignalHandle) {
  return this[FIRST] ?? (this[FIRST] = bindGet(this[NODE]));
}

function getSet(this: SignalHandle) {
  return this[SECOND] ?? (this[SECOND] = bindSet(this[NODE]));
}

function getSubscribe(this: SignalHandle) {
  this[OTHERS] ??= {};
  this[OTHERS].subscribe ??= bindSubscribe(this[NODE]);
  return this[OTHERS].subscribe;
}

function getPeek(this: SignalHandle) {
  this[OTHERS] ??= {};
  this[OTHERS].peek ??= bindPeek(this[NODE]);
  return this[OTHERS].peek;
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
export function signal<T>(
  initial: T,
  equals?: EqualsOption<NoInfer<T>> | SignalOptions<NoInfer<T>>,
): Signal<T> {
  const node = new SignalNode<T>(initial, checkOptions(equals));
  return new SignalHandle(node as SignalNode) as unknown as Signal<T>;
}
