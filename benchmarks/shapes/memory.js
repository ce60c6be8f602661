// @ts-check
// What stays in memory for each thing of a kind. The user functions are part of it: each has a
// closure of its own. Every shape is a set, so a process of its own: memory that one shape made the
// library reserve would be free for the next.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Adapter} Adapter */
/** @typedef {import("../harness/types.js").AsyncAdapter} AsyncAdapter */

/**
 * @typedef {object} MemoryInstance
 * @property {number} count
 * @property {(i: number) => unknown} make What is returned is kept.
 * @property {() => void} check After all are made.
 */

/** @param {import("../harness/types.js").Scale} scale */
const many = (scale) => ({ full: 200_000, quick: 25_000, check: 1_000 })[scale.mode];

/**
 * A class-based wrapper is ours and not the library's: keep its content only.
 *
 * @param {any} wrapper
 */
const unwrap = (wrapper) => wrapper.handle ?? wrapper;

/**
 * @param {string} name
 * @param {string} row
 * @param {(lib: Adapter, state: { sum: number }) => (i: number) => unknown} maker
 * @param {boolean} runs Whether a user function adds up what it sees.
 */
const graphShape = (name, row, maker, runs) => ({
  name,
  set: name,
  row,
  /** @param {Adapter} lib @param {import("../harness/types.js").Scale} scale */
  build(lib, scale) {
    const count = many(scale);
    const state = { sum: 0 };
    return {
      count,
      make: maker(lib, state),
      check() {
        verify(state.sum, runs ? (count * (count - 1)) / 2 : 0, "sum of what was seen");
      },
    };
  },
});

/**
 * An effect over the first so many of some shared signals: what an edge weighs is the difference.
 *
 * @param {string} name
 * @param {string} row
 * @param {number} edges
 */
const effectOver = (name, row, edges) =>
  graphShape(
    name,
    row,
    (lib, state) => {
      const sources = Array.from({ length: edges }, () => lib.signal(0));
      return (i) => {
        lib.effect(() => {
          state.sum += i;
          for (let s = 0; s < edges; s++) state.sum += sources[s].read();
        });
        return null;
      };
    },
    true,
  );

export const memoryShapes = [
  graphShape("signal", "signal", (lib) => (i) => unwrap(lib.signal(i)), false),
  graphShape(
    "computed",
    "computed, never read",
    (lib) => {
      const source = lib.signal(1);
      return (i) => unwrap(lib.computed(() => source.read() + i));
    },
    false,
  ),
  graphShape(
    "computed-read",
    "computed, read once",
    (lib, state) => {
      const source = lib.signal(0);
      return (i) => {
        const made = lib.computed(() => source.read() + i);
        state.sum += made.read();
        return unwrap(made);
      };
    },
    true,
  ),
  graphShape(
    "signal-effect",
    "signal + effect on it",
    (lib, state) => (i) => {
      const made = lib.signal(i);
      lib.effect(() => {
        state.sum += made.read();
      });
      return unwrap(made);
    },
    true,
  ),
  graphShape(
    "computed-effect",
    "signal + computed + effect",
    (lib, state) => (i) => {
      const source = lib.signal(i);
      const made = lib.computed(() => source.read());
      lib.effect(() => {
        state.sum += made.read();
      });
      return unwrap(made);
    },
    true,
  ),
  effectOver("edges-1", "effect on 1 shared signal", 1),
  effectOver("edges-11", "effect on 11 shared signals", 11),
];

export const asyncMemoryShapes = [
  {
    name: "idle-cell",
    set: "idle-cell",
    row: "idle async cell",
    /** @param {AsyncAdapter} lib @param {import("../harness/types.js").Scale} scale */
    build(lib, scale) {
      const count = many(scale) / 4;
      /** @type {import("../harness/types.js").AsyncCell | null} */
      let last = null;
      return {
        count,
        make(/** @type {number} */ i) {
          last = lib.cell(() => Promise.resolve(i));
          return last;
        },
        check() {
          verify(last?.status(), "idle", "status");
        },
      };
    },
  },
];
