// @ts-check
// This library, through its public API, as a program that installed it would import it.

import { batch, computed, createEffect, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { kernel } from "@signal-kernel/native/engine";
import { wrap } from "./wrap.js";

/** @type {(() => void)[]} */
let effects = [];

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "signal-kernel",
  exactCounts: true,
  ...wrap({
    signal: (initial) => signal(initial),
    computed: (fn) => computed(fn),
    read: (handle) => handle.get(),
    write: (handle, value) => handle.set(value),
    derive: (handle) => handle.get(),
  }),
  effect(fn) {
    effects.push(createEffect(fn));
  },
  batch(fn) {
    batch(fn);
  },
  crossing: () => kernel.mark(),
  kernelBytes: () => engine().counters.bytes,
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
