// @ts-check
// One write that makes many background effects due. How long the event loop stands still meanwhile is
// seen from outside: by what is waiting for its turns, and for its timers.

import { createEffect, signal } from "@signal-kernel/core";
import { waited } from "../harness/stopwatch.js";
import { verify } from "./verify.js";

/** @typedef {{ readonly budgetMs: number }} Setting */
/**
 * @typedef {object} Seen
 * @property {number} block Milliseconds of the longest block.
 * @property {number} own Milliseconds of the longest block without the time in which the thread was ready
 *   to run and the processor was with another process; on Linux, elsewhere the same as `block`.
 * @property {number} delay
 * @property {number} budget
 */

/** @param {import("../harness/types.js").Scale} scale */
const many = (scale) => ({ full: 100_000, quick: 20_000, check: 1_000 })[scale.mode];

/** Something to do for an effect: about 20 nanoseconds a step. @param {number} steps */
function spin(steps) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = Math.sqrt(x + i);
  return x;
}

/**
 * @param {number} count
 * @param {number} steps
 * @param {Setting} setting
 */
function background(count, steps, setting) {
  const source = signal(0);
  const urgent = signal(0);
  const state = { runs: 0, late: 0, since: 0, spun: 0 };
  const disposers = Array.from({ length: count }, () =>
    createEffect(
      () => {
        source.get();
        state.runs++;
        if (steps > 0) state.spun += spin(steps);
      },
      { priority: "background" },
    ),
  );
  disposers.push(
    createEffect(
      () => {
        if (urgent.get() === 0) return;
        state.late = Math.max(state.late, performance.now() - state.since);
      },
      { priority: "immediate" },
    ),
  );

  /** One write and all that it makes due. @returns {Promise<Seen>} */
  async function run() {
    await new Promise((resolve) => setImmediate(resolve));
    state.runs = 0;
    state.late = 0;
    let block = 0;
    let own = 0;
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    // An event of the outside, due each millisecond: it makes an immediate effect due.
    const expectEvent = () => {
      const due = performance.now() + 1;
      timer = setTimeout(() => {
        state.since = due;
        urgent.set(urgent.peek() + 1);
        expectEvent();
      }, 1);
    };
    expectEvent();
    const whole = new Promise((resolve) => {
      let last = performance.now();
      let lastWait = waited();
      const turn = () => {
        const now = performance.now();
        const wait = waited();
        block = Math.max(block, now - last);
        own = Math.max(own, now - last - (wait - lastWait));
        last = now;
        lastWait = wait;
        if (state.runs < count) setImmediate(turn);
        else resolve(undefined);
      };
      setImmediate(turn);
      source.set(source.peek() + 1);
    });
    await whole;
    clearTimeout(timer);
    verify(state.runs, count, "runs of background effects");
    return { block, own, delay: state.late, budget: setting.budgetMs };
  }
  const release = () => {
    for (const dispose of disposers) dispose();
  };
  return { run, release };
}

/**
 * @param {string} name
 * @param {string} row
 * @param {string} set
 * @param {number} steps
 * @param {(seen: Seen) => number} figure
 * @returns {import("../harness/types.js").Shape<Setting, any>}
 */
const shape = (name, row, set, steps, figure) => ({
  name,
  set,
  row,
  build(setting, scale) {
    const { run, release } = background(many(scale), steps, setting);
    return { run: async () => figure(await run()), release };
  },
});

/** Of effects that do nothing else than read, and of effects that take a few microseconds each. */
const LIGHT = 0;
const BUSY = 200;

export const schedulerShapes = [
  shape("block-light", "longest block, light effects", "block", LIGHT, (seen) => seen.block),
  shape("block-busy", "longest block, busy effects", "block", BUSY, (seen) => seen.block),
  shape("ratio-light", "block / budget, light effects", "ratio", LIGHT, (s) => s.block / s.budget),
  shape("ratio-busy", "block / budget, busy effects", "ratio", BUSY, (s) => s.block / s.budget),
  shape("own-light", "the same, own time only, light", "ratio", LIGHT, (s) => s.own / s.budget),
  shape("own-busy", "the same, own time only, busy", "ratio", BUSY, (s) => s.own / s.budget),
  shape(
    "delay-light",
    "longest delay of an immediate effect, light",
    "delay",
    LIGHT,
    (s) => s.delay,
  ),
  shape("delay-busy", "longest delay of an immediate effect, busy", "delay", BUSY, (s) => s.delay),
];
