// @ts-check

import { computed, effect, effectScope, endBatch, signal, startBatch } from "alien-signals";
import { wrap } from "./wrap.js";

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "alien-signals",
  exactCounts: true,
  ...wrap({
    signal: (initial) => signal(initial),
    computed: (fn) => computed(fn),
    read: (handle) => handle(),
    write: (handle, value) => handle(value),
    derive: (handle) => handle(),
  }),
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
