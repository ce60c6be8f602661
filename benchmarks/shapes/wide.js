// @ts-check
// Graphs that are extreme in one direction: one signal with 100,000 effects, one computed over 100,000
// signals, a chain of 100,000. The chain has a process of its own: what overflows the stack leaves a
// library in no state to be measured further.

import { seededRandom } from "./random.js";
import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */

/** @param {import("../harness/types.js").Scale} scale */
const size = (scale) => (scale.mode === "check" ? 1_000 : 100_000);

/** @param {import("../harness/types.js").Scale} scale @param {number} full */
const times = (scale, full) => ({ full, quick: Math.ceil(full / 3), check: 2 })[scale.mode];

/** @type {Shape} */
const fanOut = {
  name: "fan-out",
  set: "wide",
  row: "1 -> 100,000",
  build(lib, scale) {
    const count = size(scale);
    const writes = times(scale, 10);
    const head = lib.signal(0);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      lib.effect(() => {
        sum += head.read();
      });
    }
    let next = 1;
    return {
      run() {
        for (let i = 0; i < writes; i++) {
          sum = 0;
          const value = next++;
          lib.batch(() => head.write(value));
          verify(sum, value * count, "what the effects saw");
        }
      },
    };
  },
};

/** @type {Shape} */
const fanIn = {
  name: "fan-in",
  set: "wide",
  row: "100,000 -> 1",
  build(lib, scale) {
    const count = size(scale);
    const writes = times(scale, 20);
    const random = seededRandom(7);
    const sources = Array.from({ length: count }, () => lib.signal(0));
    const values = new Array(count).fill(0);
    const sum = lib.computed(() => {
      let all = 0;
      for (let i = 0; i < count; i++) all += sources[i].read();
      return all;
    });
    let seen = 0;
    lib.effect(() => {
      seen = sum.read();
    });
    let total = 0;
    return {
      run() {
        for (let i = 0; i < writes; i++) {
          const at = Math.floor(random() * count);
          const value = ++values[at];
          total++;
          lib.batch(() => sources[at].write(value));
          verify(seen, total, "the sum that the effect saw");
        }
      },
    };
  },
};

/** @type {Shape} */
const chain = {
  name: "chain",
  set: "chain",
  row: "chain of 100,000",
  build(lib, scale) {
    const count = size(scale);
    const writes = times(scale, 6);
    const head = lib.signal(0);
    /** @type {import("../harness/types.js").Readable<number>} */
    let last = head;
    for (let i = 0; i < count; i++) {
      const before = last;
      last = lib.computed(() => before.read() + 1);
      // From the source up: the first run of a whole chain is recursive in any library, for it is the
      // program's functions that call each other.
      last.read();
    }
    const end = last;
    let seen = 0;
    lib.effect(() => {
      seen = end.read();
    });
    let next = 1;
    return {
      run() {
        for (let i = 0; i < writes; i++) {
          const value = next++;
          lib.batch(() => head.write(value));
          verify(seen, value + count, "the end of the chain");
        }
      },
    };
  },
};

/** @type {Shape[]} */
export const wideShapes = [fanOut, fanIn, chain];
