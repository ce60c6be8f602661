// @ts-check

/**
 * Lifts a comparison of items to lists. Given to a computed as `equals`, it cuts an update off
 * where a list was computed again and came out the same.
 *
 * @template T
 * @param {(a: T, b: T) => boolean} sameItem
 * @returns {(a: readonly T[], b: readonly T[]) => boolean}
 */
export function sameList(sameItem) {
  return (a, b) =>
    a.length === b.length && a.every((item, at) => sameItem(item, /** @type {T} */ (b[at])));
}

/**
 * The same for flat objects.
 *
 * @template {object} T
 * @param {T} a
 * @param {T} b
 */
export function sameFields(a, b) {
  const keys = /** @type {Array<keyof T>} */ (Object.keys(a));
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}
