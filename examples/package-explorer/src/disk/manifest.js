// @ts-check
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../format.js";
import { ifThere } from "./errors.js";

/**
 * @import { DependencyKind } from "../graph/source.js"
 * @typedef {{ name: string, range: string, kind: DependencyKind }} Declared
 *
 * What one package.json says, made safe to use: whatever is in the file, every field has its type.
 *
 * @typedef {object} Manifest
 * @property {string | undefined} name
 * @property {string} version "" when the file has none
 * @property {string} description
 * @property {string} licence the SPDX expression, or "none declared"
 * @property {string} homepage
 * @property {Declared[]} declared
 * @property {string[]} entryFiles files that the manifest promises, relative to the package
 * @property {string} stamp changes whenever the file was written or replaced
 * @property {string | undefined} problem
 */

/**
 * @param {string} dir
 * @param {AbortSignal} signal
 * @returns {Promise<Manifest | undefined>} undefined when there is no package.json
 */
export async function readManifest(dir, signal) {
  const path = join(dir, "package.json");
  const stats = await ifThere(stat(path));
  if (!stats) return undefined;
  // Not mtime: archives may carry one. The time of the last change of the inode cannot be set.
  const stamp = `${stats.ctimeMs}:${stats.ino}:${stats.size}`;
  try {
    const text = await readFile(path, { encoding: "utf8", signal });
    const fields = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (!isObject(fields)) return broken(stamp, "package.json does not hold an object");
    return { ...parse(fields), stamp, problem: undefined };
  } catch (error) {
    signal.throwIfAborted();
    const what = error instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    return broken(stamp, `package.json ${what}: ${messageOf(error)}`);
  }
}

/**
 * @param {string} stamp
 * @param {string} problem
 * @returns {Manifest}
 */
function broken(stamp, problem) {
  return { ...parse({}), licence: "unknown", stamp, problem };
}

/** @param {Record<string, unknown>} fields */
function parse(fields) {
  return {
    name: text(fields.name) || undefined,
    version: text(fields.version),
    description: text(fields.description),
    licence: licenceOf(fields.license ?? fields.licenses),
    homepage: text(fields.homepage),
    declared: declaredOf(fields),
    entryFiles: entryFilesOf(fields),
  };
}

/**
 * Old packages wrote an object, or a list of them, where today a string is asked for.
 *
 * @param {unknown} field
 * @returns {string}
 */
function licenceOf(field) {
  if (Array.isArray(field)) return field.map(licenceOf).join(" OR ") || "none declared";
  if (isObject(field)) return text(field.type) || "none declared";
  return text(field) || "none declared";
}

/**
 * @param {Record<string, unknown>} fields
 * @returns {Declared[]}
 */
function declaredOf(fields) {
  const optionalPeers = new Set(
    entries(fields.peerDependenciesMeta)
      .filter(([, meta]) => isObject(meta) && meta.optional === true)
      .map(([name]) => name),
  );
  /** @type {Map<string, Declared>} */
  const byName = new Map();
  /** @type {(field: unknown, kindOf: (name: string) => DependencyKind) => void} */
  const add = (field, kindOf) => {
    for (const [name, range] of entries(field)) {
      byName.set(name, { name, range: text(range), kind: kindOf(name) });
    }
  };
  // The later one wins, as in npm: an optional dependency overrides a plain one of the same name.
  add(fields.devDependencies, () => "dev");
  add(fields.peerDependencies, (name) => (optionalPeers.has(name) ? "optional peer" : "peer"));
  add(fields.dependencies, () => "dependency");
  add(fields.optionalDependencies, () => "optional");
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {Record<string, unknown>} fields */
function entryFilesOf(fields) {
  const commands = isObject(fields.bin) ? Object.values(fields.bin) : [fields.bin];
  return [fields.main, ...commands].map(text).filter((file) => file !== "");
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value.trim() : "");

/**
 * @param {unknown} value
 * @returns {Array<[string, unknown]>}
 */
const entries = (value) => (isObject(value) ? Object.entries(value) : []);
