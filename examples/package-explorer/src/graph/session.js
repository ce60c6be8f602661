// @ts-check

import { createResource } from "@signal-kernel/async-runtime";
import { batch, computed, signal } from "@signal-kernel/core";
import { grep } from "../disk/grep.js";
import { compareVersions } from "../format.js";
import { own } from "../reactive/own.js";
import { createReadme } from "./readme.js";

/**
 * @import { Found } from "../disk/grep.js"
 * @import { Address } from "../web/address.js"
 * @import { PackageCell } from "./cells.js"
 * @import { Explorer } from "./explorer.js"
 * @typedef {ReturnType<typeof build>} Session
 */

/** The shortest text that is worth reading a disk for. */
const SHORTEST_SEARCH = 2;

/**
 * One visitor's part of the graph: what is selected and filtered, and what follows from it. It
 * reads the shared part and adds nothing to it, so that disposing it leaves no trace there.
 *
 * @param {Explorer} explorer
 * @param {Address} start
 * @returns {Session & { dispose(): void }}
 */
export function createSession(explorer, start) {
  const [session, dispose] = own(() => build(explorer, start), "session");
  return { ...session, dispose };
}

/**
 * @param {Explorer} explorer
 * @param {Address} start
 */
function build(explorer, start) {
  const keys = /** @type {Array<keyof Address>} */ (Object.keys(start));
  // One signal a field: typing into the filter does not touch what depends on the selection only.
  const fields = /** @type {Record<keyof Address, import("@signal-kernel/core").Signal<any>>} */ (
    Object.fromEntries(keys.map((key) => [key, signal(start[key], { name: key })]))
  );
  const address = computed(
    () => /** @type {Address} */ (Object.fromEntries(keys.map((key) => [key, fields[key].get()]))),
    { name: "address" },
  );

  const selected = computed(() => explorer.world().cells.get(fields.package.get()), {
    name: "selected package",
  });
  const rows = computed(() => visibleRows(explorer, fields), { name: "rows" });
  const search = createSearch(explorer, fields);
  const readme = createReadme(selected.get);

  return {
    address: address.get,
    selected: selected.get,
    rows: rows.get,
    search,
    readme,
    /** Whether all that was asked for has been found out. */
    settled: () => search.status() !== "pending" && readme.isOver(),
    /** @param {Address} target what changes together is seen together */
    go(target) {
      batch(() => {
        for (const key of keys) fields[key].set(target[key]);
      });
    },
  };
}

/**
 * @param {Explorer} explorer
 * @param {Record<keyof Address, { get(): any }>} fields
 * @returns {PackageCell[]}
 */
function visibleRows(explorer, { filter, show, licence, sort }) {
  const { cells } = explorer.world();
  const words = filter.get().toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = licence.get();
  const isShown = shown(explorer, show.get());

  const rows = [...cells.values()].filter(({ id, record }) => {
    if (wanted !== "" && record.licence !== wanted) return false;
    const text = `${record.label}@${record.version} ${record.description}`.toLowerCase();
    return words.every((/** @type {string} */ word) => text.includes(word)) && isShown(id);
  });

  /** @type {(a: PackageCell, b: PackageCell) => number} */
  const byName = (a, b) =>
    compare(a.record.label, b.record.label) ||
    compareVersions(a.record.version, b.record.version) ||
    compare(a.id, b.id);
  // Only the order that is asked for is depended on: sorted by name, no size ever wakes this.
  if (sort.get() === "size") {
    return rows.sort((a, b) => (b.bytes() ?? -1) - (a.bytes() ?? -1) || byName(a, b));
  }
  if (sort.get() === "users") {
    const count = (/** @type {PackageCell} */ cell) => explorer.users(cell.id).length;
    return rows.sort((a, b) => count(b) - count(a) || byName(a, b));
  }
  return rows.sort(byName);
}

/**
 * @param {Explorer} explorer
 * @param {import("../web/address.js").Show} show
 * @returns {(id: string) => boolean}
 */
function shown(explorer, show) {
  switch (show) {
    case "direct":
      return (id) => explorer.direct().has(id);
    case "duplicates":
      return (id) => explorer.flagged().duplicates.has(id);
    case "problems":
      return (id) => explorer.flagged().problems.has(id);
    case "unverified":
      return (id) => explorer.world().cells.get(id)?.verdict().state !== "verified";
    default:
      return () => true;
  }
}

/**
 * Search as you type: each change of the text supersedes the run before, which stops reading at the
 * next file. Only the newest run can commit, in whatever order they end.
 *
 * @param {Explorer} explorer
 * @param {Record<keyof Address, { get(): any }>} fields
 */
function createSearch(explorer, fields) {
  const superseded = signal(0, { name: "superseded searches" });
  const input = computed(
    () => ({
      text: fields.search.get().trim(),
      place: fields.place.get(),
      world: explorer.world(),
    }),
    {
      name: "search input",
      equals: (a, b) => a.text === b.text && a.place === b.place && a.world === b.world,
    },
  );
  const [value, meta] = createResource(
    input.get,
    /** @returns {Promise<Found | undefined>} */
    async ({ text, place, world }, { signal }) => {
      if (text.length < SHORTEST_SEARCH) return undefined;
      return grep(world.records.values(), text, { place, pool: explorer.pool, signal });
    },
    {
      onEvent({ type }) {
        if (type === "cancel") superseded.set((n) => n + 1);
      },
    },
  );
  return { value, status: meta.status, error: meta.error, superseded: superseded.get };
}

/** @type {(a: string, b: string) => number} */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
