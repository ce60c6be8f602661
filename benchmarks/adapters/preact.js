// @ts-check

import { batch, computed, effect, signal } from "@preact/signals-core";

class Source {
  /** @param {any} initial */
  constructor(initial) {
    this.handle = signal(initial);
  }
  read() {
    return this.handle.value;
  }
  /** @param {any} value */
  write(value) {
    this.handle.value = value;
  }
}

class Derived {
  /** @param {() => any} fn */
  constructor(fn) {
    this.handle = computed(fn);
  }
  read() {
    return this.handle.value;
  }
}

/** @type {(() => void)[]} */
let effects = [];

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "preact",
  exactCounts: true,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn),
  effect(fn) {
    effects.push(effect(fn));
  },
  batch(fn) {
    batch(fn);
  },
  withBuild(fn) {
    effects = [];
    const result = fn();
    const built = effects;
    effects = [];
    return {
      result,
      dispose() {
        for (const stop of built) stop();
      },
    };
  },
};
