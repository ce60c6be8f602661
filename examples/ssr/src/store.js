// @ts-check

import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {{ id: number, name: string, price: number }} Product
 * @typedef {{ who: string, text: string, stars: number }} Review
 * @typedef {{
 *   product(id: number, signal: AbortSignal): Promise<Product>,
 *   reviews(id: number, signal: AbortSignal): Promise<Review[]>,
 * }} Load
 */

const NAMES = ["Lamp", "Chair", "Kettle", 'Bread "board" <large>', "Clock"];
const REVIEWERS = ["Ada", "Grace", "Edsger", "Barbara", "Tony"];

/** The highest number that a product has. */
export const LAST_PRODUCT = 1000;

/**
 * A database that takes its time.
 *
 * @param {{ productMs: number, reviewsMs: number }} delays
 * @returns {Load & { readonly inFlight: number }}
 */
export function createStore({ productMs, reviewsMs }) {
  let inFlight = 0;
  /**
   * @template T
   * @param {number} ms
   * @param {AbortSignal} signal
   * @param {() => T} answer
   */
  async function query(ms, signal, answer) {
    inFlight++;
    try {
      if (ms > 0) await sleep(ms, undefined, { signal });
      signal.throwIfAborted();
      return answer();
    } finally {
      inFlight--;
    }
  }
  return {
    get inFlight() {
      return inFlight;
    },
    product: (id, signal) =>
      query(productMs, signal, () => {
        if (id < 1 || id > LAST_PRODUCT) throw new RangeError("There is no such product");
        return { id, name: `${NAMES[id % NAMES.length]} ${id}`, price: 10 + (id % 90) };
      }),
    reviews: (id, signal) =>
      query(reviewsMs, signal, () =>
        REVIEWERS.slice(0, 1 + (id % REVIEWERS.length)).map((who, i) => ({
          who,
          text: `Number ${id} is ${i % 2 === 0 ? "all I wanted" : "almost all I wanted"}.`,
          stars: 5 - (i % 3),
        })),
      ),
  };
}
