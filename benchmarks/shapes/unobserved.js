// @ts-check
// Computeds that nobody observes, read again and again: with nothing written in between, with something
// written that they do not read, and with what they read. Twenty computeds over two signals, in a ladder.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */

/**
 * @param {string} name
 * @param {string} row
 * @param {number} full Reads.
 * @param {"nothing" | "another" | "own"} writes What is written before each read.
 * @returns {Shape}
 */
function unobserved(name, row, full, writes) {
  return {
    name,
    set: "unobserved",
    row,
    build(lib, scale) {
      const reads = full / { full: 1, quick: 4, check: 500 }[scale.mode];
      const source = lib.signal(0);
      const base = lib.signal(1);
      const another = lib.signal(0);
      let runs = 0;
      /** @type {import("../harness/types.js").Readable<number>} */
      let left = source;
      /** @type {import("../harness/types.js").Readable<number>} */
      let right = base;
      for (let i = 0; i < 10; i++) {
        const [a, b] = [left, right];
        left = lib.computed(() => {
          runs++;
          return (a.read() + b.read()) & 0xffff;
        });
        right = lib.computed(() => b.read());
      }
      const top = left;
      let next = 1;
      const last = () => (next - 1 + 10) & 0xffff;
      lib.batch(() => source.write(next++));
      verify(top.read(), last(), "the first read");
      return {
        run() {
          runs = 0;
          let sum = 0;
          for (let i = 0; i < reads; i++) {
            if (writes === "another") lib.batch(() => another.write(next + i));
            else if (writes === "own") lib.batch(() => source.write(next++));
            sum += top.read();
          }
          if (writes === "another") next += reads;
          const wanted = writes === "own" ? 10 * reads : 0;
          const isRight = lib.exactCounts ? runs === wanted : runs >= wanted;
          verify(isRight, true, `${row}: ${runs} runs of computeds for ${wanted}`);
          if (writes === "own") verify(top.read(), last(), "the last read");
          else verify(sum, reads * top.read(), "the sum of all reads");
        },
      };
    },
  };
}

/** @type {Shape[]} */
export const unobservedShapes = [
  unobserved("unobserved-read", "unobserved, read again", 1_000_000, "nothing"),
  unobserved("unobserved-another", "unobserved, others written", 400_000, "another"),
  unobserved("unobserved-own", "unobserved, own written", 50_000, "own"),
];
