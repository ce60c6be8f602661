import {
  ComputedNode,
  disposeComputed,
  peekComputed,
  readComputed,
  requireFunction,
} from "#engine";
import { makeNamed } from "./named.js";
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

/* Bound to the node, as those of a signal. */
function get(this: ComputedNode): unknown {
  return readComputed(this);
}

function peek(this: ComputedNode): unknown {
  return peekComputed(this);
}

function dispose(this: ComputedNode): void {
  disposeComputed(this);
}

function handleOf<T>(computed: ComputedNode<T>): Computed<T> {
  const node = computed as ComputedNode;
  return {
    get: get.bind(node) as () => T,
    peek: peek.bind(node) as () => T | undefined,
    dispose: dispose.bind(node),
  };
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
  if (equals === undefined) return handleOf(new ComputedNode<T>(fn, null));
  const options = checkOptions(equals);
  return makeNamed("computed", options?.name, () => handleOf(new ComputedNode<T>(fn, options)));
}
