// @ts-check
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { messageOf } from "../format.js";
import { codeOf, ifThere } from "./errors.js";
import { readManifest } from "./manifest.js";

/**
 * @import { Manifest } from "./manifest.js"
 * @import { Pool } from "./pool.js"
 * @import { Problem } from "../graph/source.js"
 *
 * A package is its real folder. Links to it are ways to reach it, not packages of their own: that
 * is what keeps a workspace which links to its own root from being an endless tree, and what makes
 * pnpm's layout (everything is a link into a store) come out right without a special case.
 *
 * @typedef {Manifest & { id: string, dir: string, label: string, installed: boolean }} PackageRecord
 *   `id` is the folder relative to the root, "." for the root itself; `label` is the name, or the
 *   folder's where the manifest has none; `installed` is false for the root and for workspaces
 *
 * @typedef {object} Scan
 * @property {Map<string, PackageRecord>} records by id
 * @property {Map<string, string>} links path of an entry in a node_modules folder -> id
 * @property {Set<string>} outside the same paths, in the node_modules folders above the root
 * @property {Set<string>} folders what a watcher has to watch
 * @property {Problem[]} problems
 *
 * @typedef {object} ScanOptions
 * @property {string} root
 * @property {Pool} pool
 * @property {AbortSignal} signal
 * @property {(counts: { found: number, read: number }) => void} onProgress
 */

/**
 * @param {ScanOptions} options
 * @returns {Promise<Scan>}
 */
export async function scanPackages({ root, pool, signal, onProgress }) {
  /** @type {Scan} */
  const scan = {
    records: new Map(),
    links: new Map(),
    outside: new Set(),
    folders: new Set([root]),
    problems: [],
  };
  /** @type {Set<string>} */
  const seen = new Set();
  const counts = { found: 0, read: 0 };

  /** @param {string} dir */
  const idOf = (dir) => relative(root, dir).split(sep).join("/") || ".";

  /** @type {(path: string, error: unknown) => void} */
  const report = (path, error) => {
    signal.throwIfAborted();
    scan.problems.push({ id: idOf(path), message: describe(error) });
  };

  /** @param {string} path */
  const list = (path) =>
    pool
      .run(() => ifThere(readdir(path, { withFileTypes: true })), signal)
      .catch((error) => {
        report(path, error);
        return undefined;
      });

  /** @param {string} dir */
  async function visitPackage(dir) {
    if (seen.has(dir)) return;
    seen.add(dir);
    onProgress({ ...counts, found: ++counts.found });
    const [manifest] = await Promise.all([
      pool.run(() => readManifest(dir, signal), signal),
      visitModules(join(dir, "node_modules")),
    ]);
    onProgress({ ...counts, read: ++counts.read });
    // The root need not be a package: it can be any folder that has a node_modules.
    if (!manifest && dir === root) return;
    scan.folders.add(dir);
    scan.records.set(idOf(dir), recordOf(idOf(dir), dir, manifest));
  }

  /** @param {string} modules a node_modules folder */
  async function visitModules(modules) {
    const entries = await list(modules);
    if (!entries) return;
    scan.folders.add(modules);
    await Promise.all(
      entries.map((entry) => {
        const path = join(modules, entry.name);
        if (entry.name === ".pnpm") return visitStore(path);
        if (entry.name.startsWith(".") || !canHold(entry)) return undefined;
        return entry.name.startsWith("@") ? visitScope(path) : visitLink(path);
      }),
    );
  }

  /** @param {string} scope */
  async function visitScope(scope) {
    const entries = (await list(scope)) ?? [];
    scan.folders.add(scope);
    const packages = entries.filter((entry) => canHold(entry) && !entry.name.startsWith("."));
    await Promise.all(packages.map((entry) => visitLink(join(scope, entry.name))));
  }

  /** @param {string} store pnpm's: one folder for each package, each with a node_modules */
  async function visitStore(store) {
    const entries = (await list(store)) ?? [];
    scan.folders.add(store);
    await Promise.all(
      entries.map(({ name }) =>
        visitModules(
          name === "node_modules" ? join(store, name) : join(store, name, "node_modules"),
        ),
      ),
    );
  }

  /** @param {string} path an entry of a node_modules folder: a package's folder or a link to one */
  async function visitLink(path) {
    try {
      const dir = await pool.run(() => realpath(path), signal);
      scan.links.set(path, idOf(dir));
      await visitPackage(dir);
    } catch (error) {
      report(path, error);
    }
  }

  /** Node looks further up than the root: what is there satisfies dependencies, and is not ours. */
  async function listOutside() {
    for (let dir = dirname(root); ; dir = dirname(dir)) {
      const modules = join(dir, "node_modules");
      for (const { name } of (await list(modules)) ?? []) {
        const path = join(modules, name);
        if (!name.startsWith("@")) scan.outside.add(path);
        else for (const inner of (await list(path)) ?? []) scan.outside.add(join(path, inner.name));
      }
      if (dir === dirname(dir)) return;
    }
  }

  await Promise.all([visitPackage(root), listOutside()]);
  signal.throwIfAborted();
  // Found in the order in which the disk answered, told in one that is the same every time.
  return { ...scan, records: new Map([...scan.records].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/**
 * @param {string} id
 * @param {string} dir
 * @param {Manifest | undefined} manifest
 * @returns {PackageRecord}
 */
function recordOf(id, dir, manifest) {
  const installed = id.split("/").includes("node_modules");
  const known = manifest ?? NO_MANIFEST;
  return { ...known, id, dir, installed, label: known.name ?? folderName(dir) };
}

/** @type {Manifest} */
const NO_MANIFEST = {
  name: undefined,
  version: "",
  description: "",
  licence: "unknown",
  homepage: "",
  declared: [],
  entryFiles: [],
  stamp: "",
  problem: "the folder has no package.json",
};

/** @param {string} dir */
function folderName(dir) {
  const parent = basename(dirname(dir));
  return parent.startsWith("@") ? `${parent}/${basename(dir)}` : basename(dir);
}

/** @param {import("node:fs").Dirent} entry */
const canHold = (entry) => entry.isDirectory() || entry.isSymbolicLink();

/** @param {unknown} error */
function describe(error) {
  if (codeOf(error) === "ENOENT") return "the link leads nowhere";
  if (codeOf(error) === "ELOOP") return "the link leads to itself";
  return messageOf(error);
}
