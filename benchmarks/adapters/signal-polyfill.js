// @ts-check
// The polyfill of the proposed standard. It has no effects: this is the one that its documentation
// shows, on a watcher, with the batch in the place of the microtask.

import { Signal } from "signal-polyfill";
import { wrap } from "./wrap.js";

let isDue = false;
const watcher = new Signal.subtle.Watcher(() => {
  isDue = true;
});

function flush() {
  while (isDue) {
    isDue = false;
    for (const pending of watcher.getPending()) pending.get();
    watcher.watch();
  }
}

/** @type {Signal.Computed<void>[]} */
let effects = [];

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "signal-polyfill",
  exactCounts: true,
  ...wrap({
    signal: (initial) => new Signal.State(initial),
    computed: (fn) => new Signal.Computed(fn),
    read: (handle) => handle.get(),
    write: (handle, value) => handle.set(value),
    derive: (handle) => handle.get(),
  }),
  effect(fn) {
    const effect = new Signal.Computed(fn);
    effects.push(effect);
    watcher.watch(effect);
    effect.get();
  },
  batch(fn) {
    fn();
    flush();
  },
  withBuild(fn) {
    effects = [];
    const result = fn();
    const built = effects;
    effects = [];
    return {
      result,
      dispose() {
        for (const effect of built) watcher.unwatch(effect);
      },
    };
  },
};
