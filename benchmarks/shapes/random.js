// @ts-check

/**
 * A repeatable stream of numbers in [0, 1): every library is given the same graph. (Weyl sequence
 * through a multiplicative mix of 32 bits; statistical quality beyond that is of no interest here.)
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}
