// @ts-check

import { Reactive, stabilize } from "@reactively/core";
import { wrap } from "./wrap.js";

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "reactively",
  exactCounts: true,
  ...wrap({
    signal: (initial) => new Reactive(initial),
    computed: (fn) => new Reactive(fn),
    read: (handle) => handle.get(),
    write: (handle, value) => handle.set(value),
    derive: (handle) => handle.get(),
  }),
  effect(fn) {
    new Reactive(fn, true);
  },
  batch(fn) {
    fn();
    stabilize();
  },
  // An effect first runs at the next stabilize(). There is no disposal: it lives as long as the
  // signals that it reads, which the caller drops.
  withBuild(fn) {
    const result = fn();
    stabilize();
    return { result, dispose() {} };
  },
};
