// @ts-check
// Async cells: this library against a promise with an AbortController by hand, and against the bare
// promise.

import { best, time } from "../harness/measure.js";
import { asyncShapes } from "../shapes/async.js";

const SUBJECT = "signal-kernel";
const BY_HAND = "by hand";
const BARE = "bare promise";

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Async cells",
  unit: "ns",
  digits: 0,
  shapes: asyncShapes,
  libraries: [
    { name: BARE, package: null },
    { name: BY_HAND, package: null },
    { name: SUBJECT, package: "@signal-kernel/async-runtime" },
  ],
  quickLibraries: [BARE, BY_HAND, SUBJECT],
  subject: SUBJECT,
  against: [BY_HAND, BARE],
  async load(name) {
    if (name === SUBJECT) return (await import("../adapters/async/signal-kernel.js")).default;
    const { byHand } = await import("../adapters/async/by-hand.js");
    return byHand(name, name === BY_HAND);
  },
  // A stream by hand has no AbortController in either form: it is measured once.
  applies: (name, set) => name !== BARE || set !== "stream",
  measure: time,
  pick: best,
};
