// @ts-check
// devalue: also dates, maps, cycles, and values that are referred to more than once.

import { parse, stringify } from "devalue";

/** @type {import("../../harness/types.js").Codec} */
export default {
  open(values) {
    let kept = values;
    return {
      write: () => stringify(kept),
      read(text) {
        kept = parse(text);
      },
      values: () => kept,
    };
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
};
