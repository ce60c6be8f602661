// @ts-check

import { batch, computed, effect, signal } from "@preact/signals-core";
import { wrap } from "./wrap.js";

/** @type {(() => void)[]} */
let effects = [];

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "preact",
  exactCounts: true,
  ...wrap({
    signal: (initial) => signal(initial),
    computed: (fn) => computed(fn),
    read: (handle) => handle.value,
    write(handle, value) {
      handle.value = value;
    },
    derive: (handle) => handle.value,
  }),
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
