// @ts-check

import { createResource, createRevision } from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import { readLocks } from "../disk/lockfile.js";
import { createPool } from "../disk/pool.js";
import { scanPackages } from "../disk/scan.js";
import { own } from "../reactive/own.js";
import { createCells } from "./cells.js";
import { createOverview } from "./overview.js";
import { createUsers } from "./users.js";
import { followDisk } from "./watching.js";

/**
 * @import { Locks } from "../disk/lockfile.js"
 * @import { Scan } from "../disk/scan.js"
 * @import { PackageCell } from "./cells.js"
 *
 * One scan of the disk together with a cell for each package in it: a value that is replaced as a
 * whole, so nobody ever sees the packages of one scan with the links of another.
 *
 * @typedef {Scan & { cells: Map<string, PackageCell> }} World
 * @typedef {ReturnType<typeof build>} Explorer
 * @typedef {{ root: string, jobs: number, live: boolean }} ExplorerOptions
 */

/** @type {World} */
const NOTHING = {
  records: new Map(),
  links: new Map(),
  outside: new Set(),
  folders: new Set(),
  problems: [],
  cells: new Map(),
};

/**
 * The graph that everything else reads: what is on the disk, and all that follows from it.
 *
 *     disk revision ── scan ── cells ──┬── dependencies ── users
 *          │                           ├── sizes, licences, versions ── overview
 *          └────────── lock files ─────┴── integrity ── problems
 *
 * @param {ExplorerOptions} options
 * @returns {Explorer & { dispose(): void }}
 */
export function createExplorer(options) {
  const [explorer, dispose] = own(() => build(options), "explorer");
  return { ...explorer, dispose };
}

/** @param {ExplorerOptions} options */
function build({ root, jobs, live }) {
  const pool = createPool(jobs);
  // What invalidates all that was read from the disk. A watcher is a source like any other.
  const disk = createRevision();
  const counts = signal({ found: 0, read: 0 }, { name: "scan progress" });

  /** @type {Set<string>} folders in which something changed since the last complete scan */
  const touched = new Set();
  const cells = createCells({ pool, world: () => world.get(), locks: () => locks() });

  // A change during a scan supersedes it: the run below is aborted, and whatever it still finds
  // can no longer be committed. The last complete scan stays visible meanwhile.
  const [scanned, scanMeta] = createResource(disk.get, async (_revision, { signal }) => {
    const scan = await scanPackages({ root, pool, signal, onProgress: counts.set });
    const seen = [...touched];
    touched.clear();
    return { ...scan, cells: cells.reconcile(scan, seen) };
  });
  /** @type {import("@signal-kernel/core").Computed<World>} */
  const world = computed(() => scanned() ?? NOTHING, { name: "world" });

  const [lockFiles, locksMeta] = createResource(disk.get, (_revision, { signal }) =>
    readLocks(root, signal),
  );
  /** @returns {Locks} */
  const locks = () => lockFiles() ?? { wanted: undefined, installed: undefined, problems: [] };

  const watching = live
    ? followDisk({ root, disk, touched, folders: () => world.get().folders })
    : () => "off";

  const overview = createOverview({
    world: world.get,
    locks,
    scanning: () => scanMeta.status() === "pending" || locksMeta.status() === "pending",
    scanError: scanMeta.error,
    counts: counts.get,
  });

  return {
    root,
    pool,
    world: world.get,
    users: createUsers(world.get),
    watching,
    ...overview,
  };
}
