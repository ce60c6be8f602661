// @ts-check
// The pieces of the cost model. `whole` less `less`, divided by `operations`, is the figure.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Adapter} Adapter */
/** @typedef {import("../harness/types.js").Readable<number>} Numeric */

/**
 * @typedef {object} Cost
 * @property {() => void} whole
 * @property {(() => void) | null} less
 * @property {number} operations
 * @property {() => void} [check]
 */

const MORE = 1_000;

/**
 * @param {string} name
 * @param {string} row
 * @param {(lib: Adapter, times: (full: number) => number) => Cost} build
 * @param {string} [set]
 */
const shape = (name, row, build, set = "costs") => ({
  name,
  row,
  set,
  /** @param {Adapter} lib @param {import("../harness/types.js").Scale} scale */
  build: (lib, scale) =>
    build(lib, (full) => Math.max(2, full / { full: 1, quick: 5, check: 1_000 }[scale.mode])),
});

/**
 * Writes `head` so many times, in a batch each, and no value twice in a row.
 *
 * @param {Adapter} lib
 * @param {import("../harness/types.js").Writable<number>} head
 * @param {number} times
 */
function writer(lib, head, times) {
  let value = 0;
  return () => {
    for (let i = 0; i < times; i++) lib.batch(() => head.write(++value));
  };
}

/**
 * What a write costs under a graph with `MORE` of something, less what it costs under one with 1.
 *
 * @param {string} name
 * @param {string} row
 * @param {(lib: Adapter, head: Numeric, count: number, seen: { runs: number }) => void} graph
 */
const slope = (name, row, graph) =>
  shape(name, row, (lib, times) => {
    const writes = times(400);
    const many = lib.signal(0);
    const one = lib.signal(0);
    const seen = { runs: 0 };
    graph(lib, many, MORE, seen);
    graph(lib, one, 1, { runs: 0 });
    const before = seen.runs;
    return {
      whole: writer(lib, many, writes),
      less: writer(lib, one, writes),
      operations: writes * (MORE - 1),
      check: () => verify(seen.runs > before, true, "the graph has run"),
    };
  });

/** @param {Adapter} lib @param {Numeric} head @param {number} count @param {(before: Numeric) => number} fn */
function chain(lib, head, count, fn) {
  let last = head;
  for (let i = 0; i < count; i++) {
    const before = last;
    last = lib.computed(() => fn(before));
    last.read();
  }
  return last;
}

const base = [
  shape("empty-batch", "an empty batch", (lib, times) => {
    const batches = times(1_000_000);
    const nothing = () => {};
    return {
      whole() {
        for (let i = 0; i < batches; i++) lib.batch(nothing);
      },
      less: null,
      operations: batches,
    };
  }),
  shape("read", "a read outside of the graph", (lib, times) => {
    const reads = times(4_000_000);
    const source = lib.signal(1);
    let sum = 0;
    return {
      whole() {
        sum = 0;
        for (let i = 0; i < reads; i++) sum += source.read();
      },
      less: null,
      operations: reads,
      check: () => verify(sum, reads, "sum of the reads"),
    };
  }),
  shape("read-computed", "a read of a computed that is valid", (lib, times) => {
    const reads = times(4_000_000);
    const source = lib.signal(1);
    const computed = lib.computed(() => source.read());
    lib.effect(() => {
      computed.read();
    });
    let sum = 0;
    return {
      whole() {
        sum = 0;
        for (let i = 0; i < reads; i++) sum += computed.read();
      },
      less: null,
      operations: reads,
      check: () => verify(sum, reads, "sum of the reads"),
    };
  }),
  shape("write", "a write that nobody observes", (lib, times) => {
    const writes = times(1_000_000);
    const sources = Array.from({ length: 100 }, () => lib.signal(0));
    let value = 0;
    return {
      whole() {
        for (let i = 0; i < writes / 100; i++) {
          value++;
          for (let s = 0; s < 100; s++) sources[s].write(value);
        }
      },
      less: null,
      operations: Math.ceil(writes / 100) * 100,
      check: () => verify(sources[99].read(), value, "the last write"),
    };
  }),
  shape("flush", "a batch with one write, one effect", (lib, times) => {
    const writes = times(400_000);
    const source = lib.signal(0);
    let runs = 0;
    lib.effect(() => {
      source.read();
      runs++;
    });
    return {
      whole: writer(lib, source, writes),
      less: null,
      operations: writes,
      check: () => verify(runs > writes, true, "the effect has run"),
    };
  }),
];

const slopes = [
  slope("effect", "a further effect that is due", (lib, head, count, seen) => {
    for (let i = 0; i < count; i++)
      lib.effect(() => {
        head.read();
        seen.runs++;
      });
  }),
  slope("link", "a further computed of a chain, changed", (lib, head, count, seen) => {
    const last = chain(lib, head, count, (before) => before.read() + 1);
    lib.effect(() => {
      last.read();
      seen.runs++;
    });
  }),
  slope("avoided", "a further computed that need not run", (lib, head, count, seen) => {
    const constant = lib.computed(() => {
      seen.runs++;
      return head.read() * 0;
    });
    const last = chain(lib, constant, count, (before) => before.read() + 1);
    lib.effect(() => {
      last.read();
    });
  }),
  slope("edge", "a further signal read by a run again", (lib, head, count, seen) => {
    const others = Array.from({ length: count - 1 }, () => lib.signal(0));
    lib.effect(() => {
      let sum = head.read();
      for (let i = 0; i < others.length; i++) sum += others[i].read();
      seen.runs += sum > 0 ? 1 : 0;
    });
  }),
  slope(
    "edge-new",
    "a further signal read by a run for the first time",
    (lib, head, count, seen) => {
      const pool = Array.from({ length: 2 * count }, () => lib.signal(0));
      lib.effect(() => {
        const from = (head.read() & 1) * (count - 1);
        for (let i = 0; i < count - 1; i++) pool[from + i].read();
        seen.runs++;
      });
    },
  ),
];

/** @param {(lib: Adapter, i: number) => unknown} make */
const making =
  (make) => (/** @type {Adapter} */ lib, /** @type {(full: number) => number} */ times) => {
    const count = times(20_000);
    /** @type {unknown[]} */
    const kept = new Array(count);
    return {
      whole() {
        const { dispose } = lib.withBuild(() => {
          for (let i = 0; i < count; i++) kept[i] = make(lib, i);
        });
        dispose();
      },
      less: null,
      operations: count,
    };
  };

const creation = [
  shape(
    "create-signal",
    "a signal made",
    making((lib, i) => lib.signal(i)),
  ),
  shape(
    "create-computed",
    "a computed made, and read once",
    making((lib, i) => {
      const made = lib.computed(() => i);
      made.read();
      return made;
    }),
  ),
  shape(
    "create-effect",
    "an effect on a signal of its own: both made, disposed",
    making((lib, i) => {
      const source = lib.signal(i);
      lib.effect(() => {
        source.read();
      });
      return source;
    }),
  ),
];

const crossings = [
  shape(
    "crossing",
    "a call of the kernel that finds nothing to do",
    (lib, times) => {
      const calls = times(2_000_000);
      const cross = lib.crossing;
      if (cross === undefined) throw new Error("the library has no kernel");
      return {
        whole() {
          for (let i = 0; i < calls; i++) cross();
        },
        less: null,
        operations: calls,
      };
    },
    "crossing",
  ),
];

export const costShapes = [...base, ...slopes, ...creation, ...crossings];
