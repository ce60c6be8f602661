// @ts-check

import { computed, effect, effectScope, endBatch, signal, startBatch } from "alien-signals";

class Source {
  /** @param {any} initial */
  constructor(initial) {
    this.handle = signal(initial);
  }
  read() {
    return this.handle();
  }
  /** @param {any} value */
  write(value) {
    this.handle(value);
  }
}

class Derived {
  /** @param {() => any} fn */
  constructor(fn) {
    this.handle = computed(fn);
  }
  read() {
    return this.handle();
  }
}

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "alien-signals",
  exactCounts: true,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn),
  effect(fn) {
    effect(fn);
  },
  batch(fn) {
    startBatch();
    try {
      fn();
    } finally {
      endBatch();
    }
  },
  withBuild(fn) {
    /** @type {any} */
    let result;
    const dispose = effectScope(() => {
      result = fn();
    });
    return { result, dispose };
  },
};
