// @ts-check
// Components that come and go, and effects under batches.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */
/** @typedef {import("../harness/types.js").Adapter} Adapter */

/**
 * A component: two signals of its own, three computeds, two effects, and something that all of them read.
 *
 * @param {Adapter} lib
 * @param {import("../harness/types.js").Readable<number>} shared
 * @param {{ runs: number }} state
 */
function component(lib, shared, state) {
  const first = lib.signal(1);
  const second = lib.signal(2);
  const sum = lib.computed(() => first.read() + second.read());
  const scaled = lib.computed(() => sum.read() * shared.read());
  const text = lib.computed(() => `${sum.read()}/${scaled.read()}`);
  lib.effect(() => {
    text.read();
    state.runs++;
  });
  lib.effect(() => {
    scaled.read();
    state.runs++;
  });
}

/** A window of components: each one that comes makes the oldest go. @type {Shape} */
const churn = {
  name: "churn",
  set: "programs",
  row: "create and dispose",
  build(lib, scale) {
    const count = { full: 10_000, quick: 3_000, check: 300 }[scale.mode];
    const alive = 100;
    const shared = lib.signal(1);
    const state = { runs: 0 };
    let value = 1;
    return {
      run() {
        /** @type {(() => void)[]} */
        const disposers = [];
        for (let i = 0; i < count; i++) {
          disposers.push(lib.withBuild(() => component(lib, shared, state)).dispose);
          if (i >= alive) disposers[i - alive]();
        }
        state.runs = 0;
        value++;
        lib.batch(() => shared.write(value));
        verify(state.runs, 2 * alive, "effects of the components that are alive");
        for (const dispose of disposers.slice(count - alive)) dispose();
        state.runs = 0;
        value++;
        lib.batch(() => shared.write(value));
        verify(state.runs, 0, "effects of components that are gone");
      },
    };
  },
};

/** A thousand signals written in one batch, under effects that read two of them each. @type {Shape} */
const batches = {
  name: "batches",
  set: "programs",
  row: "effects under batches",
  build(lib, scale) {
    const width = 1_000;
    const rounds = { full: 200, quick: 60, check: 2 }[scale.mode];
    const sources = Array.from({ length: width }, () => lib.signal(0));
    let runs = 0;
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const one = sources[i];
      const other = sources[(i + 1) % width];
      lib.effect(() => {
        sum += one.read() + other.read();
        runs++;
      });
    }
    let value = 0;
    return {
      run() {
        for (let i = 0; i < rounds; i++) {
          runs = 0;
          sum = 0;
          value++;
          lib.batch(() => {
            for (let s = 0; s < width; s++) sources[s].write(value);
          });
          verify(runs, width, "runs of effects");
          verify(sum, 2 * width * value, "what the effects saw");
        }
      },
    };
  },
};

/** @type {Shape[]} */
export const lifecycle = [churn, batches];
