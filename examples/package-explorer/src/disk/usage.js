// @ts-check
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ifThere } from "./errors.js";

/**
 * @import { Pool } from "./pool.js"
 * @typedef {{ bytes: number, files: number }} Usage
 */

/** Not a package's own files: what is nested has its own entry, history is not installed. */
const NOT_OWN = new Set(["node_modules", ".git"]);

/**
 * Adds up a package's own files. A file that vanishes while we count does not count.
 *
 * @param {string} dir
 * @param {{ pool: Pool, signal: AbortSignal }} options
 * @returns {Promise<Usage>}
 */
export async function measure(dir, { pool, signal }) {
  const entries = await pool.run(() => ifThere(readdir(dir, { withFileTypes: true })), signal);
  const parts = await Promise.all(
    (entries ?? []).map(async (entry) => {
      const path = join(dir, entry.name);
      if (!entry.isDirectory()) {
        const stats = await pool.run(() => ifThere(lstat(path)), signal);
        return { bytes: stats?.size ?? 0, files: stats ? 1 : 0 };
      }
      return NOT_OWN.has(entry.name) ? { bytes: 0, files: 0 } : measure(path, { pool, signal });
    }),
  );
  return parts.reduce(
    (sum, part) => ({ bytes: sum.bytes + part.bytes, files: sum.files + part.files }),
    { bytes: 0, files: 0 },
  );
}
