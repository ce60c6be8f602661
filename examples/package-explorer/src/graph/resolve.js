// @ts-check
import { basename, dirname, join } from "node:path";
import { sameFields } from "./equality.js";

/**
 * @import { Declared } from "../disk/manifest.js"
 * @import { PackageRecord, Scan } from "../disk/scan.js"
 *
 * One dependency and what Node would load for it: the package with id `to`, or something above the
 * explored folder (`outside`), or nothing.
 *
 * @typedef {Declared & { to: string | undefined, outside: boolean }} Edge
 */

/**
 * @param {PackageRecord} record
 * @param {Scan} scan
 * @returns {Edge[]}
 */
export function resolveDeclared(record, scan) {
  return (
    record.declared
      // Development dependencies of what is installed are not: npm leaves them out.
      .filter(({ kind }) => kind !== "dev" || !record.installed)
      .map((declared) => ({ ...declared, ...resolve(declared.name, record.dir, scan) }))
  );
}

/**
 * As Node does it: the nearest node_modules, from the package's real folder upwards.
 *
 * @param {string} name
 * @param {string} from
 * @param {Scan} scan
 */
function resolve(name, from, { links, outside }) {
  for (let dir = from; ; dir = dirname(dir)) {
    if (basename(dir) !== "node_modules") {
      const path = join(dir, "node_modules", name);
      const to = links.get(path);
      if (to !== undefined) return { to, outside: false };
      if (outside.has(path)) return { to: undefined, outside: true };
    }
    if (dir === dirname(dir)) return { to: undefined, outside: false };
  }
}

/** @type {(a: Edge, b: Edge) => boolean} */
export const sameEdge = sameFields;

/**
 * A dependency that has to be there and is not.
 *
 * @param {Edge} edge
 */
export function isMissing({ kind, to, outside }) {
  return to === undefined && !outside && (kind === "dependency" || kind === "peer");
}

/**
 * Everything that loading a package can pull in, itself included.
 *
 * @param {string} id
 * @param {(id: string) => Edge[]} edgesOf
 * @returns {Set<string>}
 */
export function reachable(id, edgesOf) {
  const reached = new Set([id]);
  // A Set yields what is added while it is walked, so this visits the whole closure.
  for (const at of reached) {
    for (const { to, kind } of edgesOf(at)) if (to !== undefined && kind !== "dev") reached.add(to);
  }
  return reached;
}
