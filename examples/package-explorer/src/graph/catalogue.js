// @ts-check
import { createAsyncGroup, createResource } from "@signal-kernel/async-runtime";
import { computed } from "@signal-kernel/core";
import { createOverview } from "./overview.js";
import { createUsers } from "./users.js";

/**
 * @import { Package, Parts, Size, Source, Status, Verdict } from "./source.js"
 * @typedef {ReturnType<typeof createCatalogue>} Catalogue
 */

/** @type {Status} */
const NOT_YET = { root: "", phase: "scanning", done: 0, of: 0, watching: "off", error: "" };
/** @type {Parts["packages"]} */
const NO_PACKAGES = { list: [], problems: [] };
/** @type {Parts["verdicts"]} */
const NO_VERDICTS = { list: [], problems: [] };
/** @type {Size[]} */
const NO_SIZES = [];
/** @type {Verdict} */
const UNKNOWN = { id: "", state: "unchecked", checks: [] };

/**
 * What is known of all packages, and all that follows from it. The server has one for everybody, each
 * browser has its own.
 *
 *     packages ─┬─ users, direct, licences, duplicates ─┐
 *     sizes ────┼─ totals, largest                      ├─ flagged
 *     verdicts ─┴─ integrity, problems ─────────────────┘
 *
 * The parts are resources of one group: what the source has found out together is seen together. Each
 * has a version that counts its outcomes, which is what a browser tells the server when it reconnects.
 *
 * @param {Source} source
 * @param {{ eager: boolean }} options `eager: false`: nothing is asked for, a snapshot is restored
 */
export function createCatalogue({ parts }, { eager }) {
  const group = createAsyncGroup();
  /**
   * @template {keyof Parts} Name
   * @param {Name} name
   */
  const part = (name) => {
    const { input, run } = /** @type {import("./source.js").Part<Parts[Name]>} */ (parts[name]);
    return createResource(input, run, { name, group, eager });
  };
  const cells = {
    packages: part("packages"),
    sizes: part("sizes"),
    verdicts: part("verdicts"),
    status: part("status"),
  };

  const status = () => cells.status[0]() ?? NOT_YET;
  const phase = computed(() => status().phase, { name: "phase" });
  const packages = () => cells.packages[0]() ?? NO_PACKAGES;
  const verdicts = () => cells.verdicts[0]() ?? NO_VERDICTS;

  const packageById = index(() => packages().list, "packages by id");
  const sizeById = index(() => cells.sizes[0]() ?? NO_SIZES, "sizes by id");
  const verdictById = index(() => verdicts().list, "verdicts by id");

  /** @param {string} id */
  const find = (id) => packageById().get(id);
  /** @param {string} id */
  const size = (id) => sizeById().get(id);
  /** @param {string} id @returns {Verdict} */
  const verdict = (id) => verdictById().get(id) ?? UNKNOWN;

  return {
    cells,
    status,
    phase: phase.get,
    /** Whether there is nothing more to find out. */
    idle: () => phase.get() === "ready",
    /** @returns {Package[]} */
    list: () => packages().list,
    find,
    size,
    /** The size of its own files, undefined until they have been counted. @param {string} id */
    bytes: (id) => size(id)?.bytes,
    verdict,
    users: createUsers(() => packages().list),
    ...createOverview({ packages, verdicts, size, verdict }),
  };
}

/**
 * @template {{ id: string }} T
 * @param {() => T[]} list
 * @param {string} name
 * @returns {() => Map<string, T>}
 */
function index(list, name) {
  return computed(() => new Map(list().map((item) => [item.id, item])), { name }).get;
}
