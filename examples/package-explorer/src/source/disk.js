// @ts-check

import { createResource, createRevision, SKIP } from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import { grep } from "../disk/grep.js";
import { readLocks } from "../disk/lockfile.js";
import { createPool } from "../disk/pool.js";
import { scanPackages } from "../disk/scan.js";
import { messageOf } from "../format.js";
import { sameFields, sameList } from "../graph/equality.js";
import { own } from "../reactive/own.js";
import { paced } from "../reactive/paced.js";
import { createCells } from "./cells.js";
import { readBlocks } from "./readme.js";
import { followDisk } from "./watching.js";

/**
 * @import { Locks } from "../disk/lockfile.js"
 * @import { Scan } from "../disk/scan.js"
 * @import { Parts, Phase, Source, Status } from "../graph/source.js"
 * @import { PackageCell } from "./cells.js"
 *
 * One scan of the disk together with a cell for each package in it: a value that is replaced as a
 * whole, so nobody ever sees the packages of one scan with the links of another.
 *
 * @typedef {Scan & { cells: Map<string, PackageCell> }} World
 * @typedef {{ root: string, jobs: number, live: boolean }} DiskOptions
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
/** @type {Locks} */
const NO_LOCKS = { wanted: undefined, installed: undefined, problems: [] };

/** How often what was found out is published, in milliseconds: as often as is seen as motion. */
const FRAME = 60;

/**
 * The source that reads a folder, and follows what happens in it.
 *
 *     disk revision ── scan ── a cell for each package ──┬── facts, with dependencies ── packages
 *          │                                             ├── size ────────────────────── sizes
 *          └────────── lock files ───────────────────────┴── verdict ─────────────────── verdicts
 *
 * @param {DiskOptions} options
 * @returns {Source & { dispose(): void }}
 */
export function createDiskSource(options) {
  const [source, dispose] = own(() => build(options), "disk");
  return { ...source, dispose };
}

/**
 * @param {DiskOptions} options
 * @returns {Source}
 */
function build({ root, jobs, live }) {
  const pool = createPool(jobs);
  // What invalidates all that was read from the disk. A watcher is a source like any other.
  const disk = createRevision();
  const counts = signal({ found: 0, read: 0 }, { name: "scan progress" });

  /** @type {Set<string>} folders in which something changed since the last complete scan */
  const touched = new Set();
  const cells = createCells({ pool, scan: () => world.get(), locks: () => locks() });

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
  const locks = () => lockFiles() ?? NO_LOCKS;

  const watching = live
    ? followDisk({ root, disk, touched, folders: () => world.get().folders })
    : () => "off";
  const status = createStatus({
    root,
    world: world.get,
    scanning: () => scanMeta.status() === "pending" || locksMeta.status() === "pending",
    scanError: scanMeta.error,
    counts: counts.get,
    watching,
  });
  const parts = publish(
    createFindings(world.get, locks, () => scanned() !== undefined),
    status,
  );

  return {
    parts,
    search: (text, place, signal) =>
      grep(world.get().records.values(), text, { place, pool, signal }),
    async *readme(id) {
      const record = world.get().records.get(id);
      if (record) yield* readBlocks(record.dir);
    },
  };
}

/**
 * What is known of the packages, as plain data. A part that comes out the same stays the same.
 *
 * @param {() => World} world
 * @param {() => Locks} locks
 * @param {() => boolean} known false before the first scan is complete
 */
function createFindings(world, locks, known) {
  const cells = () => [...world().cells.values()];
  const same = sameList(Object.is);
  const facts = computed(() => cells().map((cell) => cell.facts()), {
    equals: same,
    name: "facts",
  });
  const verdicts = computed(() => cells().map((cell) => cell.verdict()), {
    equals: same,
    name: "verdicts",
  });
  const sizes = computed(
    () =>
      cells()
        .map((cell) => cell.size())
        .filter((size) => size !== undefined),
    { equals: same, name: "sizes" },
  );
  const problems = computed(() => [...world().problems, ...unlisted(world(), locks())], {
    equals: sameList(sameFields),
    name: "problems of the disk",
  });

  const packages = computed(() => ({ list: facts.get(), problems: problems.get() }), {
    name: "packages on the disk",
  });
  const judged = computed(() => ({ list: verdicts.get(), problems: locks().problems }), {
    equals: sameFields,
    name: "verdicts on the disk",
  });
  return () =>
    known()
      ? { packages: packages.get(), sizes: sizes.get(), verdicts: judged.get() }
      : { packages: undefined, sizes: undefined, verdicts: undefined };
}

/**
 * @param {World} world
 * @param {Locks} locks
 */
function unlisted({ records }, { installed }) {
  if (records.size === 0) return [];
  return [...(installed?.keys() ?? [])]
    .filter((id) => !records.has(id))
    .map((id) => ({ id, message: "npm recorded it as installed, but it is not there" }));
}

/**
 * @typedef {object} Course
 * @property {string} root
 * @property {() => World} world
 * @property {() => boolean} scanning
 * @property {() => unknown} scanError
 * @property {() => { found: number, read: number }} counts
 * @property {() => string} watching
 *
 * @param {Course} course
 * @returns {() => Status} how far it is
 */
function createStatus({ root, world, scanning, scanError, counts, watching }) {
  const cells = () => [...world().cells.values()];
  // The question ends at the first cell that is still at work, and so does what it depends on: it is
  // asked again when that one has settled, not for each of a thousand others. They are started in
  // order and end about so, hence from the end.
  const phase = computed(
    /** @returns {Phase} */
    () => {
      if (scanning()) return "scanning";
      return cells().findLast((cell) => !cell.settled()) ? "measuring" : "ready";
    },
    { name: "phase" },
  );

  return computed(
    /** @returns {Status} */
    () => {
      const error = scanError();
      const fixed = {
        root,
        phase: phase.get(),
        watching: watching(),
        error: error === undefined ? "" : messageOf(error),
      };
      if (fixed.phase === "scanning") return { ...fixed, done: counts().read, of: counts().found };
      const all = cells();
      return { ...fixed, done: all.filter((cell) => cell.settled()).length, of: all.length };
    },
    { equals: sameFields, name: "status" },
  ).get;
}

/**
 * While a thousand packages are measured everything changes a thousand times: it is published a frame
 * at a time, all parts of one moment together.
 *
 * @param {() => { [Name in Exclude<keyof Parts, "status">]: Parts[Name] | undefined }} findings
 * @param {() => Status} status
 * @returns {Source["parts"]}
 */
function publish(findings, status) {
  const moment = () => ({ ...findings(), status: status() });
  const published = signal(/** @type {ReturnType<typeof moment> | undefined} */ (undefined), {
    name: "published",
  });
  paced(moment, published.set, { pause: FRAME, name: "publish" });

  /**
   * @template {keyof Parts} Name
   * @param {Name} name
   * @returns {import("../graph/source.js").Part<Parts[Name]>}
   */
  const part = (name) => ({
    input: computed(() => published.get()?.[name] ?? SKIP, { name: `published ${name}` }).get,
    run: (value) => value,
  });
  return {
    packages: part("packages"),
    sizes: part("sizes"),
    verdicts: part("verdicts"),
    status: part("status"),
  };
}
