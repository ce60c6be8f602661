// @ts-check

import { Reactive, stabilize } from "@reactively/core";

class Source {
  /** @param {any} initial */
  constructor(initial) {
    this.handle = new Reactive(initial);
  }
  read() {
    return this.handle.get();
  }
  /** @param {any} value */
  write(value) {
    this.handle.set(value);
  }
}

class Derived {
  /** @param {() => any} fn */
  constructor(fn) {
    this.handle = new Reactive(fn);
  }
  read() {
    return this.handle.get();
  }
}

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "reactively",
  exactCounts: true,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn),
  effect(fn) {
    new Reactive(fn, true);
  },
  batch(fn) {
    fn();
    stabilize();
  },
  // An effect first runs at the next stabilize(). There is no disposal: it lives as long as the
  // signals that it reads, which the caller drops.
  withBuild(fn) {
    const result = fn();
    stabilize();
    return { result, dispose() {} };
  },
};
