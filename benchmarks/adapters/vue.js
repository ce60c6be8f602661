// @ts-check

import { computed, effect, effectScope, shallowRef } from "@vue/reactivity";

class Source {
  /** @param {any} initial */
  constructor(initial) {
    this.handle = shallowRef(initial);
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

// The reactivity package leaves batching to its host: the scheduler queues, the batch runs what is
// still dirty.
/** @type {{ runIfDirty(): void }[]} */
let queue = [];

function flush() {
  while (queue.length > 0) {
    const due = queue;
    queue = [];
    for (const one of due) one.runIfDirty();
  }
}

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "vue",
  exactCounts: true,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn),
  effect(fn) {
    const runner = effect(fn, {
      scheduler() {
        queue.push(/** @type {any} */ (runner.effect));
      },
    });
  },
  batch(fn) {
    fn();
    flush();
  },
  withBuild(fn) {
    const scope = effectScope(true);
    const result = /** @type {any} */ (scope.run(fn));
    return { result, dispose: () => scope.stop() };
  },
};
