// @ts-check
// This library, through its public API, as a program that installed it would import it.

import { batch, computed, createEffect, signal } from "@signal-kernel/core";

class Source {
  /** @param {any} initial */
  constructor(initial) {
    this.handle = signal(initial);
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
    this.handle = computed(fn);
  }
  read() {
    return this.handle.get();
  }
}

/** @type {(() => void)[]} */
let effects = [];

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "signal-kernel",
  exactCounts: true,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn),
  effect(fn) {
    effects.push(createEffect(fn));
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
