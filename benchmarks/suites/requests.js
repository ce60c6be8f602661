// @ts-check
// A server's requests: a scope, twenty resources, their state as text, the end. Against the same written by
// hand: twenty promises, JSON, nothing to end.

import { NATIVE, ours, SUBJECTS, WASM } from "../adapters/index.js";
import { median } from "../harness/measure.js";
import { serve } from "../shapes/requests.js";
import { BY_HAND } from "./async.js";

/** @typedef {import("../shapes/requests.js").Figures} Figures */

/** @param {string} name @param {string} row @param {keyof Figures} figure */
const shape = (name, row, figure) => ({ name, row, set: "requests", build: () => figure });

/** @type {Record<string, () => Promise<import("../shapes/requests.js").Handler>>} */
const handlers = {
  [BY_HAND]: async () => (await import("../adapters/requests/by-hand.js")).handle,
  [NATIVE]: async () => (await import("../adapters/requests/signal-kernel.js")).handle,
  [WASM]: async () => (await import("../adapters/requests/signal-kernel.js")).handle,
};

/** @type {Promise<Figures> | null} */
let served = null;

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Requests with 20 resources each: 100,000 of them, one after the other (quick: 3,000)",
  unit: "microseconds",
  digits: 1,
  shapes: [
    shape("median", "median", "median"),
    shape("p99", "99 of 100 within", "p99"),
    shape("growth", "growth of the process after warm-up (MB)", "growth"),
  ],
  libraries: [{ name: BY_HAND, package: null }, ...ours("@signal-kernel/snapshot")],
  quickLibraries: Object.keys(handlers),
  rounds: { full: 3, quick: 1 },
  subjects: SUBJECTS,
  against: [BY_HAND],
  load: (name) => handlers[name](),
  async measure(handle, { build }, scale, _expected) {
    served ??= serve(handle, { full: 100_000, quick: 3_000, check: 20 }[scale.mode]);
    const figures = await served;
    return [figures[/** @type {keyof Figures} */ (build(handle, scale, undefined))]];
  },
  pick: median,
};
