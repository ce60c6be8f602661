// @ts-check
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { ifThere } from "./errors.js";
import { findReadme } from "./readme.js";

/**
 * @import { Pool } from "./pool.js"
 * @import { PackageRecord } from "./scan.js"
 * @import { Found, SearchPlace } from "../graph/source.js"
 */

const AT_A_TIME = 32;
const MATCHES = 200;
const MATCHES_IN_A_FILE = 5;
const LONGEST_FILE = 1024 * 1024;
const CONTEXT = 60;
const SOURCES = new Set([
  ".js",
  ".mjs",
  ".cjs",
  ".ts",
  ".mts",
  ".cts",
  ".jsx",
  ".tsx",
  ".json",
  ".md",
]);

/**
 * Looks for a text, upper or lower case alike, in the files of packages. Aborting `signal` ends it
 * at the next file: a search that was superseded stops reading the disk.
 *
 * @param {Iterable<PackageRecord>} records
 * @param {string} text
 * @param {{ place: SearchPlace, pool: Pool, signal: AbortSignal }} options
 * @returns {Promise<Found>}
 */
export async function grep(records, text, { place, pool, signal }) {
  const wanted = text.toLowerCase();
  /** @type {Found} */
  const found = { matches: [], files: 0, unreadable: 0, complete: true };

  /**
   * One operation on the disk. What may not be read is counted, and does not end the search.
   *
   * @template T
   * @param {() => Promise<T>} operation
   * @returns {Promise<T | undefined>}
   */
  const attempt = async (operation) => {
    try {
      return await pool.run(() => ifThere(operation()), signal);
    } catch {
      signal.throwIfAborted();
      found.unreadable++;
      return undefined;
    }
  };

  /** @type {(record: PackageRecord, path: string) => Promise<void>} */
  const readFileOf = (record, path) =>
    attempt(async () => {
      if (found.matches.length >= MATCHES) {
        found.complete = false;
        return;
      }
      const stats = await stat(path);
      if (!stats.isFile() || stats.size > LONGEST_FILE) return;
      const content = await readFile(path, { encoding: "utf8", signal });
      found.files++;
      const file = relative(record.dir, path).split(sep).join("/");
      for (const match of matchesIn(content, wanted)) {
        found.matches.push({ id: record.id, file, ...match });
      }
    });

  /** @type {(record: PackageRecord, dir: string) => Promise<void>} */
  async function readSourcesOf(record, dir) {
    const entries = await attempt(() => readdir(dir, { withFileTypes: true }));
    await Promise.all(
      (entries ?? []).map((entry) => {
        const path = join(dir, entry.name);
        if (entry.isFile() && SOURCES.has(extname(entry.name))) return readFileOf(record, path);
        const deeper =
          entry.isDirectory() && entry.name !== "node_modules" && entry.name[0] !== ".";
        return deeper ? readSourcesOf(record, path) : undefined;
      }),
    );
  }

  /** @param {PackageRecord} record */
  async function search(record) {
    if (place === "sources") return readSourcesOf(record, record.dir);
    const path = await attempt(() => findReadme(record.dir));
    if (path) await readFileOf(record, path);
  }

  // A few packages at a time: a search that has found enough or was aborted has not queued the
  // rest of the disk.
  const queue = [...records];
  while (queue.length > 0 && found.complete) {
    signal.throwIfAborted();
    await Promise.all(queue.splice(0, AT_A_TIME).map(search));
    if (found.matches.length >= MATCHES && queue.length > 0) found.complete = false;
  }
  found.matches.sort((a, b) => compare(a.id, b.id) || compare(a.file, b.file) || a.line - b.line);
  return found;
}

/** @type {(a: string, b: string) => number} */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * @param {string} content
 * @param {string} wanted in lower case
 */
function* matchesIn(content, wanted) {
  const folded = content.toLowerCase();
  // Lower case can change the length of a text (İ): then places found in it mean nothing here.
  const text = folded.length === content.length ? content : folded;
  let line = 1;
  let counted = 0;
  let at = folded.indexOf(wanted);
  for (let n = 0; at !== -1 && n < MATCHES_IN_A_FILE; n++) {
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line++;
    const start = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - CONTEXT);
    const end = at + wanted.length;
    const lineEnd = text.indexOf("\n", end);
    yield {
      line,
      before: text.slice(start, at).trimStart(),
      hit: text.slice(at, end),
      after: text.slice(end, Math.min(lineEnd === -1 ? text.length : lineEnd, end + CONTEXT)),
    };
    // One match a line is enough to show the line.
    at = lineEnd === -1 ? -1 : folded.indexOf(wanted, lineEnd);
  }
}
