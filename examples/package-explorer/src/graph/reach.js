// @ts-check

/**
 * @import { Edge, Package } from "./source.js"
 */

/**
 * A dependency that has to be there and is not.
 *
 * @param {Edge} edge
 */
export function isMissing({ kind, to, outside }) {
  return to === null && !outside && (kind === "dependency" || kind === "peer");
}

/**
 * Everything that loading a package can pull in, itself included.
 *
 * @param {string} id
 * @param {(id: string) => Package | undefined} find
 * @returns {Set<string>}
 */
export function reachable(id, find) {
  const reached = new Set([id]);
  // A Set yields what is added while it is walked, so this visits the whole closure.
  for (const at of reached) {
    for (const { to, kind } of find(at)?.edges ?? []) {
      if (to !== null && kind !== "dev") reached.add(to);
    }
  }
  return reached;
}
