// @ts-check

import { createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, flushSync, signal } from "@signal-kernel/core";

/** @type {(() => void)[]} */
let disposers = [];

/** @type {import("../../harness/types.js").AsyncAdapter} */
export default {
  name: "signal-kernel",
  batches: true,
  settlesSuperseded: true,
  cell(producer) {
    const { reload, value, status } = fromPromise(producer, { eager: false });
    return { run: reload, value, status };
  },
  stream() {
    const source = signal(0);
    /** @type {(emit: (chunk: number) => void) => void} */
    let started;
    /** @type {Promise<(chunk: number) => void>} */
    const opened = new Promise((resolve) => {
      started = resolve;
    });
    const [value, meta] = createStreamResource(
      source.get,
      (/** @type {number} */ _input, /** @type {{ emit: (chunk: number) => void }} */ context) => {
        started(context.emit);
      },
      { initialValue: 0, reduce: (sum = 0, /** @type {number} */ chunk) => sum + chunk },
    );
    disposers.push(() => meta.dispose());
    return { open: () => opened, value };
  },
  observe(cell, seen) {
    disposers.push(
      createEffect(() => {
        cell.value();
        if ("status" in cell) cell.status();
        seen();
      }),
    );
  },
  flush() {
    flushSync();
  },
  withBuild(fn) {
    disposers = [];
    const result = fn();
    const built = disposers;
    return {
      result,
      dispose() {
        for (const dispose of built) dispose();
      },
    };
  },
};
