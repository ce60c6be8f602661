// @ts-check
import { sameList } from "../graph/equality.js";

/**
 * @import { LockEntry, Locks } from "../disk/lockfile.js"
 * @import { PackageRecord } from "../disk/scan.js"
 * @import { Check, IntegrityState, Verdict } from "../graph/source.js"
 */

/**
 * @param {PackageRecord} record
 * @param {Locks} locks
 * @param {string[] | undefined} missing files that the manifest names and that are not there;
 *   undefined until that is known
 * @returns {Verdict}
 */
export function judge(record, { wanted, installed }, missing) {
  const lockFiles = [
    { file: "package-lock.json", entry: wanted?.get(record.id) },
    { file: "node_modules/.package-lock.json", entry: installed?.get(record.id) },
  ];
  const checks = lockFiles.flatMap(({ file, entry }) =>
    entry ? compare(record, entry, file) : [],
  );
  const listed = checks.length > 0;
  const [hash, installedHash] = lockFiles.map(({ entry }) => entry?.integrity);
  if (hash && installedHash) {
    const ok = hash === installedHash;
    const detail = ok ? "both lock files name the same archive" : "the lock files disagree";
    checks.push({ what: "archive hash", ok, detail });
  }
  // What the project itself names may be yet to be built; what was installed is complete.
  if (missing && record.installed && record.entryFiles.length > 0) {
    const ok = missing.length === 0;
    const detail = ok ? "main and bin are there" : `not there: ${missing.join(", ")}`;
    checks.push({ what: "entry files", ok, detail });
  }
  return { id: record.id, state: stateOf(checks, listed, Boolean(wanted ?? installed)), checks };
}

/**
 * @param {PackageRecord} record
 * @param {LockEntry} entry
 * @param {string} file
 * @returns {Check[]}
 */
function compare(record, entry, file) {
  // An installed package is known by the folder it is in, unless the lock gives it another name.
  const name = entry.name ?? record.id.split("node_modules/").at(-1);
  const pairs = [
    { what: "name", is: record.name, wanted: record.installed ? name : entry.name },
    { what: "version", is: record.version || undefined, wanted: entry.version },
  ];
  return pairs
    .filter(({ wanted }) => wanted !== undefined)
    .map(({ what, is, wanted }) => {
      const ok = is === wanted;
      const detail = ok ? `${is}, as in ${file}` : `${is ?? "none"}, but ${wanted} in ${file}`;
      return { what, ok, detail };
    });
}

/**
 * @param {Check[]} checks
 * @param {boolean} listed
 * @param {boolean} locked whether there is a lock file at all
 * @returns {IntegrityState}
 */
function stateOf(checks, listed, locked) {
  if (checks.some(({ ok }) => !ok)) return "mismatch";
  if (!locked) return "unchecked";
  return listed ? "verified" : "unlisted";
}

const sameChecks = sameList(
  /** @type {(a: Check, b: Check) => boolean} */
  (a, b) => a.what === b.what && a.ok === b.ok && a.detail === b.detail,
);

/** @type {(a: Verdict, b: Verdict) => boolean} */
export const sameVerdict = (a, b) => a.state === b.state && sameChecks(a.checks, b.checks);
