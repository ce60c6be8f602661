// @ts-check
// Runes compile to these calls. Effects are those that components render with: they run at once when
// they are created, as everybody else's do here.

// @ts-expect-error It is for compiled code, and has no types.
import * as runtime from "svelte/internal/client";
import { wrap } from "./wrap.js";

/** @type {any} */
const { derived, effect_root, flush, get, render_effect, set, state } = runtime;

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "svelte",
  exactCounts: true,
  ...wrap({
    signal: (initial) => state(initial),
    computed: (fn) => derived(fn),
    read: (handle) => get(handle),
    write: (handle, value) => set(handle, value),
    derive: (handle) => get(handle),
  }),
  effect(fn) {
    render_effect(() => {
      fn();
    });
  },
  // As `flushSync(fn)`: a write outside of it leaves a microtask behind, and these would pile up.
  batch(fn) {
    flush(fn);
  },
  withBuild(fn) {
    /** @type {any} */
    let result;
    const dispose = effect_root(() => {
      result = fn();
    });
    flush();
    return { result, dispose };
  },
};
