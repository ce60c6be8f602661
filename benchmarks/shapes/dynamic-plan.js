// @ts-check
// The graphs of the dynamic family as plain data: which node reads which, which of them vary, which
// leaves are read. Every library, the floor and the reference evaluator are given the same plan.

import { seededRandom } from "./random.js";

/**
 * @typedef {object} Config
 * @property {string} name
 * @property {string} row
 * @property {number} width Nodes of a layer.
 * @property {number} layers Layers, the signals included.
 * @property {number} sources How many of the layer before each computed reads.
 * @property {number} staticFraction The part of computeds that always read all of these.
 * @property {number} readFraction The part of the last layer that is read at all.
 * @property {number} iterations Writes of a run at full scale, as in the public benchmark.
 * @property {number} quick Writes of a run in quick mode.
 */

/**
 * @typedef {object} Plan
 * @property {number} width
 * @property {{ inputs: number[], dynamic: boolean }[][]} rows `inputs` are indices into the row
 *   before.
 * @property {number[]} leaves Those of the last row that are read.
 * @property {number} iterations
 */

/**
 * @param {Config} config
 * @param {import("../harness/types.js").Scale} scale
 * @returns {Plan}
 */
export function makePlan(config, scale) {
  const { width, layers, sources, staticFraction, readFraction } = config;
  const random = seededRandom(0x5eed);
  const rows = [];
  for (let layer = 1; layer < layers; layer++) {
    const row = [];
    for (let i = 0; i < width; i++) {
      const inputs = Array.from({ length: sources }, (_, k) => (i + k) % width);
      row.push({ inputs, dynamic: random() >= staticFraction });
    }
    rows.push(row);
  }
  const leaves = Array.from({ length: width }, (_, i) => i);
  const skipped = Math.round(width * (1 - readFraction));
  for (let i = 0; i < skipped; i++) leaves.splice(Math.floor(random() * leaves.length), 1);
  // At least two writes to every signal: with one, each run would write what the run before left,
  // and nothing at all would change.
  const check = Math.max(2 * width, Math.round(config.iterations / 200));
  const iterations = { full: config.iterations, quick: config.quick, check }[scale.mode];
  return { width, rows, leaves, iterations };
}

/**
 * The function of a computed, over any kind of readable: the one place where it is written down.
 *
 * @param {{ read(): number }[]} inputs
 * @param {boolean} dynamic
 * @param {{ count: number }} counter
 * @returns {() => number}
 */
export function nodeFunction(inputs, dynamic, counter) {
  if (!dynamic) {
    return () => {
      counter.count++;
      let sum = 0;
      for (const input of inputs) sum += input.read();
      return sum;
    };
  }
  const [first, ...tail] = inputs;
  return () => {
    counter.count++;
    let sum = first.read();
    const drop = sum & 1;
    const dropped = sum % tail.length;
    for (let i = 0; i < tail.length; i++) {
      if (drop && i === dropped) continue;
      sum += tail[i].read();
    }
    return sum;
  };
}

/** The value that write number `i` gives to its signal. @param {number} i @param {number} width */
export const written = (i, width) => i + (i % width);
