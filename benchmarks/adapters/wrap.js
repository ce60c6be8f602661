// @ts-check
// What the shapes get to see of a handle: an object with read and write. Two forms:
//
//   field      an object with one field, methods on its class: next to nothing for anybody
//   closures   a pair of closures, as the adapters of the public js-reactivity-benchmark make them:
//              figures compare with those published, and rows that create pay for the closures

/** @typedef {"field" | "closures"} Form */

export const FORMS = /** @type {const} */ (["field", "closures"]);

/** @type {Form} */
let form = "field";

/** To be called before an adapter is loaded. @param {Form} wanted */
export function useForm(wanted) {
  form = wanted;
}

/**
 * @template S, D
 * @typedef {object} Library
 * @property {(initial: any) => S} signal
 * @property {(fn: () => any) => D} computed
 * @property {(handle: S) => any} read
 * @property {(handle: S, value: any) => void} write
 * @property {(handle: D) => any} derive Reads a computed.
 */

/**
 * The `signal` and `computed` of an adapter.
 *
 * @template S, D
 * @param {Library<S, D>} library
 * @returns {Pick<import("../harness/types.js").Adapter, "signal" | "computed">}
 */
export function wrap({ signal, computed, read, write, derive }) {
  if (form === "closures") {
    return {
      signal(initial) {
        const handle = signal(initial);
        return {
          read: () => read(handle),
          write: (/** @type {any} */ value) => write(handle, value),
        };
      },
      computed(fn) {
        const handle = computed(fn);
        return { read: () => derive(handle) };
      },
    };
  }
  class Source {
    /** @param {any} initial */
    constructor(initial) {
      this.handle = signal(initial);
    }
    read() {
      return read(this.handle);
    }
    /** @param {any} value */
    write(value) {
      write(this.handle, value);
    }
  }
  class Derived {
    /** @param {() => any} fn */
    constructor(fn) {
      this.handle = computed(fn);
    }
    read() {
      return derive(this.handle);
    }
  }
  return { signal: (initial) => new Source(initial), computed: (fn) => new Derived(fn) };
}
