// @ts-check
// Values of three kinds written out as text and read again.

import { isDeepStrictEqual } from "node:util";
import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Codec} Codec */

/** @type {Record<string, (i: number) => unknown>} */
const kinds = {
  numbers: (i) => i * 1.5,
  texts: (i) => `value number ${i}`,
  records: (i) => ({ id: i, name: `user ${i}`, tags: ["a", "b"], position: { x: i, y: i + 1 } }),
};

/**
 * @param {string} kind
 * @param {boolean} isRead
 * @returns {import("../harness/types.js").Shape<Codec>}
 */
const shape = (kind, isRead) => ({
  name: `${isRead ? "read" : "write"}-${kind}`,
  set: kind,
  row: `${isRead ? "read" : "write"} ${kind}`,
  build(codec, scale) {
    const count = { full: 100_000, quick: 10_000, check: 500 }[scale.mode];
    const values = Array.from({ length: count }, (_, i) => kinds[kind](i));
    const graph = codec.open(values);
    const text = graph.write();
    let last = "";
    return {
      run() {
        if (isRead) graph.read(text);
        else last = graph.write();
      },
      release() {
        if (!isRead) graph.read(last);
        verify(isDeepStrictEqual(graph.values(), values), true, `${kind} read again are the same`);
      },
    };
  },
});

export const snapshotShapes = Object.keys(kinds).flatMap((kind) => [
  shape(kind, false),
  shape(kind, true),
]);
