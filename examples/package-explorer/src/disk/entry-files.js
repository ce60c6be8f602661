// @ts-check
import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { ifThere } from "./errors.js";

/**
 * @import { Pool } from "./pool.js"
 * @import { PackageRecord } from "./scan.js"
 */

/** What Node tries for a `main` that is not the exact name of a file. */
const GUESSES = ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"];

/**
 * The files that a manifest promises (`main`, `bin`) and that are not there.
 *
 * @param {PackageRecord} record
 * @param {{ pool: Pool, signal: AbortSignal }} options
 * @returns {Promise<string[]>}
 */
export async function missingEntryFiles(record, { pool, signal }) {
  /** @type {string[]} */
  const missing = [];
  for (const file of record.entryFiles) {
    const path = join(record.dir, file);
    // A manifest can name anything: nothing is asked about files outside of its own package.
    const inside = !relative(record.dir, path).startsWith("..");
    const there = inside && (await pool.run(() => isThere(path), signal));
    if (!there) missing.push(file);
  }
  return missing;
}

/** @param {string} path */
async function isThere(path) {
  for (const guess of GUESSES) {
    const stats = await ifThere(stat(path.replace(/\/$/, "") + guess));
    if (stats?.isFile()) return true;
  }
  return false;
}
