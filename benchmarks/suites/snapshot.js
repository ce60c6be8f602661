// @ts-check
// A graph of signals as text, and back, against JSON of the same values and what devalue and seroval make
// of them.

import { NATIVE, ours, SUBJECTS, WASM } from "../adapters/index.js";
import { best, time } from "../harness/measure.js";
import { snapshotShapes } from "../shapes/snapshot.js";

const JSON_ALONE = "json";

/** @type {Record<string, () => Promise<{ default: import("../harness/types.js").Codec }>>} */
const loaders = {
  [JSON_ALONE]: () => import("../adapters/snapshot/json.js"),
  [NATIVE]: () => import("../adapters/snapshot/signal-kernel.js"),
  [WASM]: () => import("../adapters/snapshot/signal-kernel.js"),
  devalue: () => import("../adapters/snapshot/devalue.js"),
  seroval: () => import("../adapters/snapshot/seroval.js"),
};

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Snapshots of 100,000 signals (quick: 10,000)",
  unit: "ms",
  digits: 1,
  shapes: snapshotShapes,
  libraries: [
    { name: JSON_ALONE, package: null },
    ...ours("@signal-kernel/snapshot"),
    { name: "devalue", package: "devalue" },
    { name: "seroval", package: "seroval" },
  ],
  quickLibraries: Object.keys(loaders),
  rounds: { full: 3, quick: 1 },
  subjects: SUBJECTS,
  against: [JSON_ALONE],
  load: async (name) => (await loaders[name]()).default,
  measure: time,
  pick: best,
};
