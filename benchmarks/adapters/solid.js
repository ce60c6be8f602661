// @ts-check

// In Node the bare "solid-js" is the server build, which does not react at all: name the client
// build.
// @ts-expect-error Its types are those of the package, and it has none of its own.
import * as solid from "solid-js/dist/solid.js";

/** @type {typeof import("solid-js")} */
const { batch, createEffect, createMemo, createRoot, createSignal } = /** @type {any} */ (solid);

class Source {
  /** @param {any} initial */
  constructor(initial) {
    const [get, set] = createSignal(initial);
    this.get = get;
    this.set = set;
  }
  read() {
    return this.get();
  }
  /** @param {any} value */
  write(value) {
    this.set(value);
  }
}

class Derived {
  /** @param {() => any} fn */
  constructor(fn) {
    this.get = createMemo(fn);
  }
  read() {
    return this.get();
  }
}

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "solid",
  // Memos are eager: what nobody reads runs all the same.
  exactCounts: false,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn),
  effect(fn) {
    createEffect(fn);
  },
  batch(fn) {
    batch(fn);
  },
  withBuild: (fn) => createRoot((dispose) => ({ result: fn(), dispose })),
};
