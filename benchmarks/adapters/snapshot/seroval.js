// @ts-check
// seroval: JavaScript as text, which is evaluated when it is read.

import { deserialize, serialize } from "seroval";

/** @type {import("../../harness/types.js").Codec} */
export default {
  open(values) {
    let kept = values;
    let reads = 0;
    return {
      write: () => serialize(kept),
      read(text) {
        // V8 keeps what it has compiled of the same text.
        kept = /** @type {unknown[]} */ (deserialize(`${text}/*${++reads}*/`));
      },
      values: () => kept,
    };
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
};
