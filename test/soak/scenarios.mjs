/**
 * What is soaked: each makes what lives long, and a round that leaves nothing behind. A round gets a source of
 * whole numbers, `random(n)` below n, and its own number.
 */
import { asynchronous } from "./scenarios-async.mjs";
import { core } from "./scenarios-core.mjs";
import { states } from "./scenarios-states.mjs";
import { storm } from "./storm.mjs";

export const scenarios = {
  ...core,
  ...asynchronous,
  ...states,

  /** Workers that are terminated in the midst of their work. */
  workers() {
    return { round: (random) => storm(4, random) };
  },
};
