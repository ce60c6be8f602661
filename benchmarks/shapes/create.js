// @ts-check
// The create half of the sbench family: what it costs to bring signals and computeds into being.
// `4to1` means that one computed reads four signals, `1to4` that four computeds read one.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */
/** @typedef {import("../harness/types.js").Adapter} Adapter */
/** @typedef {import("../harness/types.js").Writable<number>} Source */

/** @param {import("../harness/types.js").Scale} scale */
const count = (scale) => ({ full: 100_000, quick: 25_000, check: 2_000 })[scale.mode];

/** @param {Adapter} lib @param {number} n */
function makeSources(lib, n) {
  /** @type {Source[]} */
  const sources = new Array(n);
  for (let i = 0; i < n; i++) sources[i] = lib.signal(i);
  return sources;
}

/** @type {Shape} */
const createSignals = {
  name: "create-signals",
  set: "create",
  row: "create signals",
  build(lib, scale) {
    const n = count(scale);
    /** @type {Source[]} */
    let made = [];
    return {
      run() {
        made = makeSources(lib, n);
      },
      release() {
        let sum = 0;
        for (const source of made) sum += source.read();
        verify(sum, (n * (n - 1)) / 2, "sum of the signals");
        made = [];
      },
    };
  },
};

/**
 * One computed over the `arity` signals that follow `at`, its reads written out for the small
 * arities as a user would write them.
 *
 * @param {Adapter} lib
 * @param {Source[]} sources
 * @param {number} arity
 * @param {number} at
 */
function reader(lib, sources, arity, at) {
  if (arity === 0) return lib.computed(() => at);
  const a = sources[at];
  if (arity === 1) return lib.computed(() => a.read());
  const b = sources[at + 1];
  if (arity === 2) return lib.computed(() => a.read() + b.read());
  if (arity === 4) {
    const c = sources[at + 2];
    const d = sources[at + 3];
    return lib.computed(() => a.read() + b.read() + c.read() + d.read());
  }
  return lib.computed(() => {
    let sum = 0;
    for (let i = 0; i < arity; i++) sum += sources[at + i].read();
    return sum;
  });
}

/**
 * @param {string} family
 * @param {number} arity Signals read by each computed.
 * @param {number} readers Computeds that read the same signals.
 * @returns {Shape}
 */
function createComputeds(family, arity, readers) {
  return {
    name: `create-${family}`,
    set: "create",
    row: "create computations",
    build(lib, scale) {
      // At most `count` computeds and at most `count` signals, as many of each as the family
      // allows.
      const total = count(scale);
      const n = arity > 1 ? total / arity : total;
      const step = Math.max(1, arity);
      /** @type {Source[]} */
      let sources = [];
      /** @type {{ result: number, dispose: () => void } | null} */
      let built = null;
      /** @type {import("../harness/types.js").Readable<number>[]} */
      let kept = [];
      return {
        prepare() {
          sources = arity === 0 ? [] : makeSources(lib, (n / readers) * step);
        },
        run() {
          built = lib.withBuild(() => {
            let sum = 0;
            kept = new Array(n);
            for (let i = 0; i < n; i++) {
              const computed = reader(lib, sources, arity, Math.floor(i / readers) * step);
              kept[i] = computed;
              sum += computed.read();
            }
            return sum;
          });
        },
        release() {
          verify(built?.result, closedForm(n, arity, readers), "sum of the computeds");
          built?.dispose();
          built = null;
          kept = [];
          sources = [];
        },
      };
    },
  };
}

/**
 * Sum of all computeds: each signal holds its own index and is read by `readers` computeds; with no
 * signal at all each computed gives its own index.
 *
 * @param {number} n
 * @param {number} arity
 * @param {number} readers
 */
function closedForm(n, arity, readers) {
  const signals = arity === 0 ? n : (n / readers) * arity;
  return (readers * signals * (signals - 1)) / 2;
}

/** @type {Shape[]} */
export const create = [
  createSignals,
  createComputeds("0to1", 0, 1),
  createComputeds("1to1", 1, 1),
  createComputeds("2to1", 2, 1),
  createComputeds("4to1", 4, 1),
  createComputeds("1000to1", 1000, 1),
  createComputeds("1to2", 1, 2),
  createComputeds("1to4", 1, 4),
  createComputeds("1to8", 1, 8),
  createComputeds("1to1000", 1, 1000),
];
