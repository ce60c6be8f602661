// @ts-check

import { computed, effect, effectScope, shallowRef } from "@vue/reactivity";
import { wrap } from "./wrap.js";

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
  ...wrap({
    signal: (initial) => shallowRef(initial),
    computed: (fn) => computed(fn),
    read: (handle) => handle.value,
    write(handle, value) {
      handle.value = value;
    },
    derive: (handle) => handle.value,
  }),
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
