// @ts-check
import { basename, dirname, join } from "node:path";

/**
 * @import { PackageRecord, Scan } from "../disk/scan.js"
 * @import { Edge } from "../graph/source.js"
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
      if (outside.has(path)) return { to: null, outside: true };
    }
    if (dir === dirname(dir)) return { to: null, outside: false };
  }
}
