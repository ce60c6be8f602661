// @ts-check
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { ifThere } from "./errors.js";
import { findReadme } from "./readme.js";

/**
 * @import { Pool } from "./pool.js"
 * @import { PackageRecord } from "./scan.js"
 *
 * @typedef {"readmes" | "sources"} SearchPlace
 * @typedef {{ id: string, file: string, line: number, before: string, hit: string, after: string }} Match
 * @typedef {{ matches: Match[], files: number, complete: boolean }} Found
 */

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
  const found = { matches: [], files: 0, complete: true };

  /** @type {(record: PackageRecord, path: string) => Promise<void>} */
  const readFileOf = (record, path) =>
    pool.run(async () => {
      if (found.matches.length >= MATCHES) {
        found.complete = false;
        return;
      }
      const stats = await ifThere(stat(path));
      if (!stats?.isFile() || stats.size > LONGEST_FILE) return;
      const content = await readFile(path, { encoding: "utf8", signal });
      found.files++;
      const file = relative(record.dir, path).split(sep).join("/");
      for (const match of matchesIn(content, wanted)) {
        found.matches.push({ id: record.id, file, ...match });
      }
    }, signal);

  /** @type {(record: PackageRecord, dir: string) => Promise<void>} */
  async function readSourcesOf(record, dir) {
    const entries = await pool.run(() => ifThere(readdir(dir, { withFileTypes: true })), signal);
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

  // One package after the other, each one's files side by side: a search that has found enough or
  // was aborted has not queued the rest of the disk.
  for (const record of records) {
    signal.throwIfAborted();
    if (found.matches.length >= MATCHES) return { ...found, complete: false };
    if (place === "sources") await readSourcesOf(record, record.dir);
    else {
      const path = await pool.run(() => findReadme(record.dir), signal);
      if (path) await readFileOf(record, path);
    }
  }
  return found;
}

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
