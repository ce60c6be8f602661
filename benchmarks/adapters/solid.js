// @ts-check

// In Node the bare "solid-js" is the server build, which does not react at all: name the client
// build.
// @ts-expect-error Its types are those of the package, and it has none of its own.
import * as solid from "solid-js/dist/solid.js";
import { wrap } from "./wrap.js";

/** @type {typeof import("solid-js")} */
const { batch, createEffect, createMemo, createRoot, createSignal } = /** @type {any} */ (solid);

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "solid",
  // Memos are eager: what nobody reads runs all the same.
  exactCounts: false,
  ...wrap({
    signal: (initial) => createSignal(initial),
    computed: (fn) => createMemo(fn),
    read: (handle) => handle[0](),
    write: (handle, value) => handle[1](value),
    derive: (get) => get(),
  }),
  effect(fn) {
    createEffect(fn);
  },
  batch(fn) {
    batch(fn);
  },
  withBuild: (fn) => createRoot((dispose) => ({ result: fn(), dispose })),
};
