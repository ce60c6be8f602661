// @ts-check
// seroval: JavaScript as text, which is evaluated when it is read.

import { deserialize, serialize } from "seroval";

/** @type {import("../../harness/types.js").Codec} */
export default {
  open(values) {
    let kept = values;
    return {
      write: () => serialize(kept),
      read(text) {
        kept = /** @type {unknown[]} */ (deserialize(text));
      },
      values: () => kept,
    };
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
};
