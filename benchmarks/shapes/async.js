// @ts-check
// What a run of an async cell and an emit of a stream cost, beside the promise itself.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").AsyncAdapter} AsyncAdapter */
/** @typedef {import("../harness/types.js").Shape<AsyncAdapter>} Shape */

/** @param {import("../harness/types.js").Scale} scale @param {number} full */
const some = (scale, full) => full / { full: 1, quick: 20, check: 100 }[scale.mode];

/**
 * A producer that resolves at once to the number of its run.
 *
 * @param {boolean} readsSignal
 */
function numbered(readsSignal) {
  const state = { runs: 0, aborted: 0 };
  const plain = () => Promise.resolve(++state.runs);
  /** @param {{ readonly signal: AbortSignal }} context */
  const reading = (context) => {
    if (context.signal.aborted) state.aborted++;
    return Promise.resolve(++state.runs);
  };
  return { state, producer: readsSignal ? reading : plain };
}

/**
 * @param {string} name
 * @param {string} row
 * @param {{ readsSignal?: boolean, observed?: boolean }} options
 * @returns {Shape}
 */
function runAndAwait(name, row, { readsSignal = false, observed = false }) {
  return {
    name,
    set: "run",
    row,
    build(lib, scale) {
      const operations = some(scale, 20_000);
      const { state, producer } = numbered(readsSignal);
      const cell = lib.cell(producer);
      let seen = 0;
      /** @type {unknown} */
      let last;
      if (observed) {
        lib.observe(cell, () => {
          seen++;
          last = cell.value();
        });
      }
      return {
        operations,
        async run() {
          for (let i = 0; i < operations; i++) {
            const value = await cell.run();
            verify(value, state.runs, "the value that a run resolves with");
          }
        },
        release() {
          verify(cell.status(), "success", "status");
          verify(cell.value(), state.runs, "value");
          verify(state.aborted, 0, "signals aborted too early");
          if (observed) {
            verify(last, state.runs, "what the observer saw last");
            verify(seen >= state.runs, true, "the observer saw every run");
          }
        },
      };
    },
  };
}

/** @param {string} name @param {string} row @param {boolean} readsSignal @returns {Shape} */
function supersede(name, row, readsSignal) {
  return {
    name,
    set: "supersede",
    row,
    build(lib, scale) {
      const burst = 1_000;
      const bursts = Math.max(1, some(scale, 20));
      const { state, producer } = numbered(readsSignal);
      const cell = lib.cell(producer);
      return {
        operations: bursts * burst,
        async run() {
          for (let b = 0; b < bursts; b++) {
            const first = cell.run();
            for (let i = 2; i < burst; i++) cell.run();
            verify(await cell.run(), state.runs, "the value of the newest run");
            if (lib.settlesSuperseded)
              verify(await first, undefined, "the value of a superseded run");
          }
        },
        release() {
          verify(cell.status(), "success", "status");
          verify(cell.value(), state.runs, "value");
        },
      };
    },
  };
}

/** @param {string} name @param {string} row @param {boolean} flushes @returns {Shape} */
function emit(name, row, flushes) {
  return {
    name,
    set: "stream",
    row,
    build(lib, scale) {
      const operations = some(scale, 200_000);
      const make = lib.stream;
      if (make === undefined) throw new Error("the library has no streams");
      const stream = make();
      let seen = 0;
      /** @type {number | undefined} */
      let last;
      lib.observe(stream, () => {
        seen++;
        last = stream.value();
      });
      let total = 0;
      return {
        operations,
        async run() {
          const send = await stream.open();
          lib.flush();
          seen = 0;
          for (let i = 1; i <= operations; i++) {
            send(i);
            if (flushes) lib.flush();
          }
          total += (operations * (operations + 1)) / 2;
          verify(stream.value(), total, "the value right after the emits");
          await Promise.resolve();
          await Promise.resolve();
          verify(last, total, "what the observer saw last");
          verify(seen, flushes || !lib.batches ? operations : 1, "calls of the observer");
        },
      };
    },
  };
}

/** Many cells with an observer each: made, all of them started, settled one after the other. @type {Shape} */
const concurrent = {
  name: "concurrent",
  set: "concurrent",
  row: "10,000 cells at once, each",
  build(lib, scale) {
    const operations = scale.mode === "check" ? 200 : 10_000;
    return {
      operations,
      async run() {
        let seen = 0;
        /** @type {((value: number) => void)[]} */
        const settle = [];
        const producer = () => new Promise((resolve) => settle.push(resolve));
        const { result: cells, dispose } = lib.withBuild(() =>
          Array.from({ length: operations }, () => {
            const cell = lib.cell(producer);
            lib.observe(cell, () => {
              if (cell.status() === "success") seen++;
            });
            return cell;
          }),
        );
        const runs = cells.map((cell) => cell.run());
        settle.forEach((resolve, i) => {
          resolve(i);
        });
        await Promise.all(runs);
        lib.flush();
        cells.forEach((cell, i) => {
          verify(cell.value(), i, "value");
        });
        verify(seen, operations, "observers that have seen the value");
        dispose();
      },
    };
  },
};

/** @type {Shape[]} */
export const asyncShapes = [
  runAndAwait("run", "run + await", {}),
  runAndAwait("run-observed", "run + await, one observer", { observed: true }),
  runAndAwait("run-signal", "run + await, signal read", { readsSignal: true }),
  supersede("supersede", "supersede, bursts of 1000", false),
  supersede("supersede-signal", "supersede, signal read", true),
  concurrent,
  emit("emit", "emit, one observer, flushed each time", true),
  emit("emit-burst", "emit, one observer, one burst", false),
];
