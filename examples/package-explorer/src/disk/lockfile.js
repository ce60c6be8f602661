// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../format.js";
import { ifThere } from "./errors.js";

/**
 * What npm's lock files say about a folder.
 *
 * @typedef {object} LockEntry
 * @property {string | undefined} name only where it is not the folder's (an alias, the root)
 * @property {string | undefined} version
 * @property {string | undefined} integrity the hash of the archive that npm downloaded
 * @property {boolean} optional npm may have left it out on this platform
 *
 * @typedef {object} Locks
 * @property {Map<string, LockEntry> | undefined} wanted package-lock.json, by package id
 * @property {Map<string, LockEntry> | undefined} installed node_modules/.package-lock.json
 * @property {Array<{ id: string, message: string }>} problems
 */

const WANTED = "package-lock.json";
const INSTALLED = "node_modules/.package-lock.json";

/**
 * @param {string} root
 * @param {AbortSignal} signal
 * @returns {Promise<Locks>}
 */
export async function readLocks(root, signal) {
  /** @type {Locks["problems"]} */
  const problems = [];
  /** @param {string} file */
  const read = async (file) => {
    try {
      const text = await ifThere(readFile(join(root, file), { encoding: "utf8", signal }));
      return text === undefined ? undefined : entriesOf(JSON.parse(text));
    } catch (error) {
      signal.throwIfAborted();
      problems.push({ id: file, message: `cannot be used: ${messageOf(error)}` });
      return undefined;
    }
  };
  const [wanted, installed] = await Promise.all([read(WANTED), read(INSTALLED)]);
  return { wanted, installed, problems };
}

/**
 * @param {any} lock
 * @returns {Map<string, LockEntry>}
 */
function entriesOf(lock) {
  if (typeof lock?.packages !== "object" || lock.packages === null) {
    throw new Error("it lists no folders (lockfileVersion 1); npm 7 or later writes one that does");
  }
  /** @type {Map<string, LockEntry>} */
  const entries = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    // A link is only a way to its target, which has an entry of its own.
    if (typeof entry !== "object" || entry === null || entry.link === true) continue;
    entries.set(path === "" ? "." : path, {
      name: string(entry.name),
      version: string(entry.version),
      integrity: string(entry.integrity),
      optional: entry.optional === true || entry.devOptional === true,
    });
  }
  return entries;
}

/** @param {unknown} value */
const string = (value) => (typeof value === "string" ? value : undefined);
