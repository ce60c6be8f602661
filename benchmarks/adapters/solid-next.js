// @ts-check
// Solid 2. Its memos run when they are created unless they are lazy; lazy ones are what the others
// have. Its effects come in two halves, of which the first is tracked.

import { createEffect, createMemo, createRoot, createSignal, flush } from "@solidjs/signals";
import { wrap } from "./wrap.js";

const LAZY = { lazy: true };
const nothing = () => {};

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "solid-next",
  // A memo that nobody observes runs at each read.
  exactCounts: false,
  ...wrap({
    signal: (initial) => createSignal(initial),
    computed: (fn) => createMemo(fn, undefined, LAZY),
    read: (handle) => handle[0](),
    write: (handle, value) => handle[1](value),
    derive: (get) => get(),
  }),
  effect(fn) {
    createEffect(fn, nothing);
  },
  // Writes are seen after the flush only.
  batch(fn) {
    fn();
    flush();
  },
  withBuild(fn) {
    const built = createRoot((dispose) => ({ result: fn(), dispose }));
    flush();
    return built;
  },
};
