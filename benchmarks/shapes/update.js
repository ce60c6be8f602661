// @ts-check
// The update half of the sbench family: one signal is written again and again, each time in a batch
// of its own, under effects that read it (`1to4`: four effects on one signal; `4to1`: one effect on
// four signals). Every family but 2to1, 4to1 and 1000to1 makes the same number of effect runs.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */

/**
 * @param {string} family
 * @param {number} arity Signals read by each effect.
 * @param {number} readers Effects on the signal that is written.
 * @param {number} runs Runs of effects in all, at full scale.
 * @returns {Shape}
 */
function update(family, arity, readers, runs) {
  return {
    name: `update-${family}`,
    set: "update",
    row: "update signals",
    build(lib, scale) {
      const writes = runs / readers / { full: 1, quick: 8, check: 50 }[scale.mode];
      const sources = Array.from({ length: arity }, () => lib.signal(0));
      const [first] = sources;
      let found = 0;
      let calls = 0;
      let next = 1;
      for (let r = 0; r < readers; r++) {
        lib.effect(() => {
          calls++;
          let sum = 0;
          for (const source of sources) sum += source.read();
          found = sum;
        });
      }
      return {
        run() {
          calls = 0;
          for (let i = 0; i < writes; i++) {
            // Never the value before, across runs neither, so that each write is a change.
            const value = next++;
            lib.batch(() => first.write(value));
            verify(found, value, "sum seen by the effect");
          }
          verify(calls, writes * readers, "runs of effects");
        },
      };
    },
  };
}

/** @type {Shape[]} */
export const updates = [
  update("1to1", 1, 1, 400_000),
  update("2to1", 2, 1, 200_000),
  update("4to1", 4, 1, 100_000),
  update("1000to1", 1000, 1, 1_000),
  update("1to2", 1, 2, 400_000),
  update("1to4", 1, 4, 400_000),
  update("1to1000", 1, 1000, 400_000),
];
