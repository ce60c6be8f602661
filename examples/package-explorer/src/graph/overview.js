// @ts-check
import { computed } from "@signal-kernel/core";
import { compareVersions } from "../format.js";
import { sameFields } from "./equality.js";
import { collectProblems } from "./problems.js";

/**
 * @import { Locks } from "../disk/lockfile.js"
 * @import { IntegrityState } from "./integrity.js"
 * @import { PackageCell } from "./cells.js"
 * @import { World } from "./explorer.js"
 *
 * @typedef {{ name: string, versions: Map<string, string[]>, bytes: number }} Duplicate
 *   `versions`: version -> ids; `bytes`: what all copies but the largest take
 * @typedef {"scanning" | "measuring" | "ready"} Phase
 * @typedef {{ phase: Phase, done: number, of: number }} Progress
 *
 * @typedef {object} Sources
 * @property {() => World} world
 * @property {() => Locks} locks
 * @property {() => boolean} scanning
 * @property {() => unknown} scanError
 * @property {() => { found: number, read: number }} counts
 */

/**
 * What can be said about all packages together. Each is a computed: none runs unless somebody
 * looks at it, and looking twice costs nothing.
 *
 * @param {Sources} sources
 */
export function createOverview({ world, locks, scanning, scanError, counts }) {
  const cells = () => [...world().cells.values()];
  const installed = computed(() => cells().filter(({ record }) => record.installed), {
    name: "installed",
  });

  const direct = computed(
    () => {
      const own = cells().filter(({ record }) => !record.installed);
      return new Set(own.flatMap((cell) => cell.dependencies().map(({ to }) => to)));
    },
    { name: "direct dependencies" },
  );

  const totals = computed(
    () => {
      const all = installed.get();
      return {
        packages: all.length,
        names: new Set(all.map(({ record }) => record.label)).size,
        workspaces: world().cells.size - all.length,
        bytes: sum(all, (cell) => cell.usage.value()?.bytes),
        files: sum(all, (cell) => cell.usage.value()?.files),
      };
    },
    { equals: sameFields, name: "totals" },
  );

  const licences = computed(
    () =>
      [...groupBy(installed.get(), ({ record }) => record.licence)]
        .map(([licence, list]) => ({ licence, packages: list.length }))
        .sort((a, b) => b.packages - a.packages || (a.licence < b.licence ? -1 : 1)),
    { name: "licences" },
  );

  const largest = computed(
    () => installed.get().toSorted((a, b) => (b.bytes() ?? 0) - (a.bytes() ?? 0)),
    { name: "largest" },
  );

  const duplicates = computed(() => findDuplicates(installed.get()), { name: "duplicates" });

  const integrity = computed(
    () => {
      /** @type {Record<IntegrityState, number>} */
      const states = { verified: 0, mismatch: 0, unlisted: 0, unchecked: 0 };
      for (const cell of installed.get()) states[cell.verdict().state]++;
      return states;
    },
    { equals: sameFields, name: "integrity" },
  );

  const problems = computed(() => collectProblems(world(), locks()), { name: "problems" });

  /** Ids of the packages of which something is to be said, for filters and badges. */
  const flagged = computed(
    () => ({
      duplicates: new Set(
        duplicates.get().flatMap(({ versions }) => [...versions.values()].flat()),
      ),
      problems: new Set(problems.get().map(({ id }) => id)),
    }),
    { name: "flagged" },
  );

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

  const progress = computed(
    /** @returns {Progress} */
    () => {
      if (phase.get() === "scanning") {
        return { phase: "scanning", done: counts().read, of: counts().found };
      }
      const all = cells();
      const done = all.filter((cell) => cell.settled()).length;
      return { phase: phase.get(), done, of: all.length };
    },
    { equals: sameFields, name: "progress" },
  );

  return {
    direct: direct.get,
    totals: totals.get,
    licences: licences.get,
    largest: largest.get,
    duplicates: duplicates.get,
    integrity: integrity.get,
    problems: problems.get,
    flagged: flagged.get,
    progress: progress.get,
    phase: phase.get,
    idle: () => phase.get() === "ready",
    scanError,
  };
}

/**
 * @param {PackageCell[]} cells
 * @returns {Duplicate[]} the most expensive first
 */
function findDuplicates(cells) {
  return [...groupBy(cells, ({ record }) => record.label)]
    .map(([name, copies]) => {
      const sizes = copies.map((cell) => cell.bytes() ?? 0);
      const versions = new Map(
        [...groupBy(copies, ({ record }) => record.version)]
          .sort(([a], [b]) => compareVersions(a, b))
          .map(([version, list]) => [version, list.map(({ id }) => id)]),
      );
      return { name, versions, bytes: sizes.reduce((a, b) => a + b, 0) - Math.max(...sizes) };
    })
    .filter(({ versions }) => versions.size > 1)
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @returns {Map<string, T[]>}
 */
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number | undefined} read
 */
const sum = (items, read) => items.reduce((total, item) => total + (read(item) ?? 0), 0);
