// @ts-check

/**
 * Refuses a wrong answer: the time of a run that computed something else does not count.
 *
 * @param {unknown} found
 * @param {unknown} expected
 * @param {string} what
 */
export function verify(found, expected, what) {
  if (!Object.is(found, expected)) wrong(found, expected, what);
}

/**
 * @param {unknown} found
 * @param {unknown} expected
 * @param {string} what
 * @returns {never}
 */
function wrong(found, expected, what) {
  throw new Error(`${what}: expected ${String(expected)}, found ${String(found)}`);
}
