// @ts-check
// JSON alone: the bound from below.

/** @type {import("../../harness/types.js").Codec} */
export default {
  open(values) {
    let kept = values;
    return {
      write: () => JSON.stringify(kept),
      read(text) {
        kept = JSON.parse(text);
      },
      values: () => kept,
    };
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
};
