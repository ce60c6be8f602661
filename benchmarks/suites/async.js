// @ts-check
// Async cells: this library against a promise with an AbortController by hand, the bare promise, and
// libraries that have runs of which the latest wins.

import { NATIVE, ours, SUBJECTS, WASM } from "../adapters/index.js";
import { keepCell } from "../harness/keep.js";
import { best, time } from "../harness/measure.js";
import { asyncShapes } from "../shapes/async.js";

export const BY_HAND = "by-hand";
const BARE = "bare-promise";
const QUERY = "query-core";

/** @type {Record<string, () => Promise<import("../harness/types.js").AsyncAdapter>>} */
const loaders = {
  [BARE]: async () => (await import("../adapters/async/by-hand.js")).byHand(BARE, false),
  [BY_HAND]: async () => (await import("../adapters/async/by-hand.js")).byHand(BY_HAND, true),
  [NATIVE]: async () => (await import("../adapters/async/signal-kernel.js")).default,
  [WASM]: async () => (await import("../adapters/async/signal-kernel.js")).default,
  [QUERY]: async () => (await import("../adapters/async/query-core.js")).default,
  rxjs: async () => (await import("../adapters/async/rxjs.js")).default,
};

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Async cells",
  unit: "ns",
  digits: 0,
  shapes: asyncShapes,
  libraries: [
    { name: BARE, package: null },
    { name: BY_HAND, package: null },
    ...ours("@signal-kernel/async-runtime"),
    { name: QUERY, package: "@tanstack/query-core" },
    { name: "rxjs", package: "rxjs" },
  ],
  quickLibraries: Object.keys(loaders),
  rounds: { full: 5, quick: 1 },
  subjects: SUBJECTS,
  against: [BY_HAND, BARE],
  keep: keepCell,
  load: (name) => loaders[name](),
  lacks(library, { set }) {
    if (set !== "stream") return undefined;
    if (library === BARE) return "a stream has no AbortController: see by-hand";
    return library === QUERY ? "has no streams in its core" : undefined;
  },
  measure: time,
  pick: best,
};
