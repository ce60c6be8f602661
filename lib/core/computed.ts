import {
  ComputedNode,
  disposeComputed,
  peekComputed,
  readComputed,
  requireFunction,
} from "#engine";
import { canDefine, DEFINE, type Define, NODE, OTHERS, SECOND } from "./handle.js";
import { type ComputedOptions, checkOptions, type EqualsOption } from "./options.js";

/** A derived value. Every method works detached. */
export interface Computed<T> {
  /**
   * The value, brought up to date; tracked when an effect or computed is running.
   *
   * @throws What the function threw; CycleError when the computed depends on itself.
   */
  readonly get: () => T;
  /** The value, up to date and not tracked; undefined as long as nobody has evaluated it. */
  readonly peek: () => T | undefined;
  /** Lets go of everything it read. When it is read again, it runs again and is as before. */
  readonly dispose: () => void;
}

/**
 * Unlike a signal's, a computed's `get` is made at once: there is no computed that is not read.
 * All fields exist from the start: handles keep one shape whatever is used of them.
 */
class ComputedHandle {
  readonly [NODE]: ComputedNode;
  readonly get: Computed<unknown>["get"];
  [SECOND]: Computed<unknown>["peek"] | null = null;
  [OTHERS]: Computed<unknown>["dispose"] | null = null;
  declare readonly [DEFINE]: Define;

  constructor(node: ComputedNode) {
    this[NODE] = node;
    this.get = () => readComputed(node);
    this[DEFINE]("peek", getPeek as () => unknown);
    this[DEFINE]("dispose", getDispose as () => unknown);
  }
}
canDefine(ComputedHandle.prototype);

const bindPeek = (node: ComputedNode) => () => peekComputed(node);
const bindDispose = (node: ComputedNode) => () => disposeComputed(node);

function getPeek(this: ComputedHandle) {
  return this[SECOND] ?? (this[SECOND] = bindPeek(this[NODE]));
}

function getDispose(this: ComputedHandle) {
  return this[OTHERS] ?? (this[OTHERS] = bindDispose(this[NODE]));
}

/**
 * Creates a computed: a cached value that a function derives from what it reads. It runs when it is
 * read for the first time, and again only after something that it read has changed.
 *
 * @param fn Must only read; takes its previous value, undefined at first.
 * @param equals How a new value is compared with the old one (default `Object.is`; `false`: always
 *   different), or options. Readers of a computed that compares equal do not run.
 * @returns `{ get, peek, dispose }`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const price = signal(10);
 * const total = computed(() => price.get() * 1.2, { name: "total" });
 * total.get(); // 12
 */
export function computed<T>(
  fn: (previous: T | undefined) => T,
  equals?: EqualsOption<NoInfer<T>> | ComputedOptions<NoInfer<T>>,
): Computed<T> {
  requireFunction("fn", fn);
  const node = new ComputedNode<T>(fn, checkOptions(equals));
  return new ComputedHandle(node as ComputedNode) as unknown as Computed<T>;
}
