// @ts-check
import { createEffect } from "@signal-kernel/core";

/**
 * Waits for a condition over the graph: the bridge from effects to `await`.
 *
 * @param {() => boolean} condition re-evaluated when something that it read has changed
 * @param {{ timeout?: number }} [options] how long to wait at most, in milliseconds
 * @returns {Promise<boolean>} true when the condition holds, false when the time ran out first
 */
export function until(condition, { timeout } = {}) {
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    /** @type {() => void} */
    let stop = () => {};
    let over = false;

    /** @param {() => void} settle */
    const end = (settle) => {
      over = true;
      clearTimeout(timer);
      stop();
      settle();
    };

    stop = createEffect(
      () => {
        if (over) return;
        try {
          if (condition()) end(() => resolve(true));
        } catch (error) {
          end(() => reject(error));
        }
      },
      { name: "until" },
    );

    // The first run may have ended it before `stop` was known.
    if (over) stop();
    else if (timeout !== undefined) timer = setTimeout(() => end(() => resolve(false)), timeout);
  });
}
