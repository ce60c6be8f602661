// @ts-check
import { computed } from "@signal-kernel/core";
import { compareVersions } from "../format.js";
import { sameFields } from "./equality.js";
import { collectProblems } from "./problems.js";

/**
 * @import { IntegrityState, Package, Parts, Size, Verdict } from "./source.js"
 *
 * @typedef {{ name: string, versions: Map<string, string[]>, bytes: number }} Duplicate
 *   `versions`: version -> ids; `bytes`: what all copies but the largest take
 *
 * @typedef {object} Known
 * @property {() => Parts["packages"]} packages
 * @property {() => Parts["verdicts"]} verdicts
 * @property {(id: string) => Size | undefined} size
 * @property {(id: string) => Verdict} verdict
 */

/**
 * What can be said about all packages together. Each is a computed: none runs unless somebody
 * looks at it, and looking twice costs nothing.
 *
 * @param {Known} known
 */
export function createOverview({ packages, verdicts, size, verdict }) {
  const list = () => packages().list;
  const installed = computed(() => list().filter(({ installed }) => installed), {
    name: "installed",
  });

  const direct = computed(
    () => {
      const own = list().filter(({ installed }) => !installed);
      return new Set(own.flatMap(({ edges }) => edges.map(({ to }) => to)));
    },
    { name: "direct dependencies" },
  );

  const totals = computed(
    () => {
      const all = installed.get();
      return {
        packages: all.length,
        names: new Set(all.map(({ label }) => label)).size,
        workspaces: list().length - all.length,
        bytes: sum(all, ({ id }) => size(id)?.bytes),
        files: sum(all, ({ id }) => size(id)?.files),
      };
    },
    { equals: sameFields, name: "totals" },
  );

  const licences = computed(
    () =>
      [...groupBy(installed.get(), ({ licence }) => licence)]
        .map(([licence, list]) => ({ licence, packages: list.length }))
        .sort((a, b) => b.packages - a.packages || (a.licence < b.licence ? -1 : 1)),
    { name: "licences" },
  );

  const largest = computed(
    () => {
      const bytes = (/** @type {Package} */ { id }) => size(id)?.bytes ?? 0;
      return installed.get().toSorted((a, b) => bytes(b) - bytes(a));
    },
    { name: "largest" },
  );

  const duplicates = computed(
    () => findDuplicates(installed.get(), ({ id }) => size(id)?.bytes ?? 0),
    { name: "duplicates" },
  );

  const integrity = computed(
    () => {
      /** @type {Record<IntegrityState, number>} */
      const states = { verified: 0, mismatch: 0, unlisted: 0, unchecked: 0 };
      for (const { id } of installed.get()) states[verdict(id).state]++;
      return states;
    },
    { equals: sameFields, name: "integrity" },
  );

  const problems = computed(() => collectProblems(packages(), verdicts(), { size, verdict }), {
    name: "problems",
  });

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

  return {
    direct: direct.get,
    totals: totals.get,
    licences: licences.get,
    largest: largest.get,
    duplicates: duplicates.get,
    integrity: integrity.get,
    problems: problems.get,
    flagged: flagged.get,
  };
}

/**
 * @param {Package[]} packages
 * @param {(item: Package) => number} bytesOf
 * @returns {Duplicate[]} the most expensive first
 */
function findDuplicates(packages, bytesOf) {
  return [...groupBy(packages, ({ label }) => label)]
    .map(([name, copies]) => {
      const sizes = copies.map(bytesOf);
      const versions = new Map(
        [...groupBy(copies, ({ version }) => version)]
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
