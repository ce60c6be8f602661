/**
 * What all handles are: an owner that nobody sees, and methods that are made when they are first asked for.
 */
import { PORT, type Ported } from "./port.js";
import type { Viewed } from "./viewed.js";

/** What a handle is of. */
export interface Owner<T, E> extends Ported {
  readonly cell: Viewed<T, E>;
}

/** Makes the method of one handle; it works detached. */
export type Maker = (owner: Owner<unknown, unknown>) => (...args: unknown[]) => unknown;

/** Methods by their keys. A function, so that a bundle leaves out what no handle of it has. */
export type Methods = () => readonly (readonly [PropertyKey, Maker])[];

/** Each method is made once for a handle, and kept unless that is frozen: it is always the same. */
function keep(handle: object, key: PropertyKey, value: unknown): unknown {
  if (Object.isExtensible(handle))
    Object.defineProperty(handle, key, { value, writable: true, configurable: true });
  return value;
}

/** Gives the handles of a class methods that are made when they are asked for. */
export function withMethods<C extends { readonly prototype: BareHandle }>(
  Class: C,
  methods: Methods,
): C {
  for (const [key, make] of methods())
    Object.defineProperty(Class.prototype, key, {
      configurable: true,
      get(this: BareHandle) {
        const method = make(BareHandle.ownerOf(this));
        /* A snapshot asks each of many handles, and asks once. */
        return key === PORT ? method : keep(this, key, method);
      },
      set(this: BareHandle, value: unknown) {
        keep(this, key, value);
      },
    });
  return Class;
}

/**
 * The owner is private: that is not enumerable and costs nothing, where defining a property takes ten
 * times as long as all the rest.
 */
export class BareHandle {
  readonly #owner: Owner<unknown, unknown>;

  constructor(owner: Owner<unknown, unknown>) {
    this.#owner = owner;
  }

  static ownerOf(handle: BareHandle): Owner<unknown, unknown> {
    return handle.#owner;
  }
}
