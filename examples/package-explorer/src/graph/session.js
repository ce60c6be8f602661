// @ts-check
import { createResource, createStreamResource, SKIP } from "@signal-kernel/async-runtime";
import { batch, computed, signal } from "@signal-kernel/core";
import { compareVersions } from "../format.js";
import { sameFields } from "./equality.js";
import { layOut } from "./layout.js";
import { neighbourhood } from "./neighbourhood.js";

/**
 * @import { Signal } from "@signal-kernel/core"
 * @import { Address, Show } from "./address.js"
 * @import { Catalogue } from "./catalogue.js"
 * @import { Found, Package, Source } from "./source.js"
 *
 * @typedef {{ [Key in keyof Address]: Signal<Address[Key]> }} Fields
 * @typedef {ReturnType<typeof createSession>} Session
 */

/** The shortest text that is worth reading a disk for. */
const SHORTEST_SEARCH = 2;
const RUNNING = new Set(["pending", "streaming"]);
/** Without a selection the picture is of the project itself. */
const ROOT = ".";

/**
 * One visitor's part of the graph: what is selected and filtered, and what follows from it. It
 * reads the catalogue and adds nothing to it, so that disposing it leaves no trace there.
 *
 * @param {Catalogue} catalogue
 * @param {Source} source
 * @param {Address} start
 * @param {{ eager: boolean }} options `eager: false`: nothing is asked for, a snapshot is restored
 */
export function createSession(catalogue, source, start, { eager }) {
  const keys = /** @type {Array<keyof Address>} */ (Object.keys(start));
  // One signal a field: typing into the filter does not touch what depends on the selection only.
  const fields = /** @type {Fields} */ (
    Object.fromEntries(keys.map((key) => [key, signal(start[key], { name: key })]))
  );
  const address = computed(
    () => /** @type {Address} */ (Object.fromEntries(keys.map((key) => [key, fields[key].get()]))),
    { name: "address" },
  );
  const selected = computed(() => catalogue.find(fields.package.get()), {
    name: "selected package",
  });
  const title = computed(
    () => [selected.get()?.label, "Package explorer"].filter(Boolean).join(" · "),
    { name: "title" },
  );
  const rows = computed(() => visibleRows(catalogue, fields), { name: "rows" });
  const picture = computed(
    () => {
      const id = fields.package.get() || ROOT;
      return catalogue.find(id) && layOut(neighbourhood(catalogue, id), catalogue.find);
    },
    { name: "picture" },
  );
  const search = createSearch(catalogue, source, fields, eager);
  const readme = createReadme(source, selected.get);

  return {
    fields,
    address: address.get,
    selected: selected.get,
    title: title.get,
    rows: rows.get,
    picture: picture.get,
    search,
    readme,
    /** Whether all that was asked for has been found out, to its end. */
    settled: () => search.status() !== "pending" && !RUNNING.has(readme.status()),
    /**
     * What is typed or chosen in one field; a list that was shown in full is short again.
     *
     * @template {keyof Address} Key
     * @param {Key} key
     * @param {string} value
     */
    type(key, value) {
      batch(() => {
        /** @type {Signal<string>} */ (fields[key]).set(value);
        fields.long.set("");
      });
    },
    /** @param {Address} target what changes together is seen together */
    go(target) {
      batch(() => {
        for (const key of keys) /** @type {Signal<string>} */ (fields[key]).set(target[key]);
      });
    },
  };
}

/**
 * @param {Catalogue} catalogue
 * @param {Fields} fields
 * @returns {Package[]}
 */
function visibleRows(catalogue, { filter, show, licence, sort }) {
  const words = filter.get().toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = licence.get();
  const isShown = shown(catalogue, show.get());

  const rows = catalogue.list().filter(({ id, label, version, description, licence }) => {
    if (wanted !== "" && licence !== wanted) return false;
    const text = `${label}@${version} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word)) && isShown(id);
  });

  /** @type {(a: Package, b: Package) => number} */
  const byName = (a, b) =>
    compare(a.label, b.label) || compareVersions(a.version, b.version) || compare(a.id, b.id);
  // Only the order that is asked for is depended on: sorted by name, no size ever wakes this.
  if (sort.get() === "size") {
    const bytes = (/** @type {Package} */ { id }) => catalogue.bytes(id) ?? -1;
    return rows.sort((a, b) => bytes(b) - bytes(a) || byName(a, b));
  }
  if (sort.get() === "users") {
    const count = (/** @type {Package} */ { id }) => catalogue.users(id).length;
    return rows.sort((a, b) => count(b) - count(a) || byName(a, b));
  }
  return rows.sort(byName);
}

/**
 * @param {Catalogue} catalogue
 * @param {Show} show
 * @returns {(id: string) => boolean}
 */
function shown(catalogue, show) {
  switch (show) {
    case "direct":
      return (id) => catalogue.direct().has(id);
    case "duplicates":
      return (id) => catalogue.flagged().duplicates.has(id);
    case "problems":
      return (id) => catalogue.flagged().problems.has(id);
    case "unverified":
      return (id) => catalogue.verdict(id).state !== "verified";
    default:
      return () => true;
  }
}

/**
 * Search as you type: each change of the text supersedes the run before, which stops reading. Only the
 * newest run can commit, in whatever order they end, and whoever they were started by: a result that
 * the server sends late does not replace what has been typed meanwhile.
 *
 * @param {Catalogue} catalogue
 * @param {Source} source
 * @param {Fields} fields
 * @param {boolean} eager
 */
function createSearch(catalogue, source, fields, eager) {
  const superseded = signal(0, { name: "superseded searches" });
  const input = computed(
    () => ({
      text: fields.search.get().trim(),
      place: fields.place.get(),
      packages: catalogue.list(),
    }),
    { name: "search input", equals: sameFields },
  );
  const cell = createResource(
    input.get,
    /** @returns {Promise<Found | undefined>} */
    async ({ text, place }, { signal }) =>
      text.length < SHORTEST_SEARCH ? undefined : source.search(text, place, signal),
    {
      name: "search",
      eager,
      onEvent({ type }) {
        if (type === "cancel") superseded.set((n) => n + 1);
      },
    },
  );
  const [value, { status, error }] = cell;
  return { cell, value, status, error, superseded: superseded.get };
}

/**
 * The README of the selected package, streamed: each chunk is a few finished blocks of HTML, seen
 * as soon as they are there. Selecting another package ends the stream and clears what it left.
 *
 * @param {Source} source
 * @param {() => Package | undefined} selected
 */
function createReadme(source, selected) {
  const input = computed(
    () => {
      const known = selected();
      return known ? { id: known.id, version: known.version } : SKIP;
    },
    {
      name: "README of",
      equals: (a, b) => a === b || (a !== SKIP && b !== SKIP && sameFields(a, b)),
    },
  );
  const cell = createStreamResource(input.get, ({ id }, { signal }) => source.readme(id, signal), {
    name: "README",
    initialValue: /** @type {readonly string[]} */ ([]),
    reduce: (sofar = [], /** @type {string[]} */ chunk) => [...sofar, ...chunk],
    onCancel: "clear",
    onError: "keep-partial",
  });
  const [blocks, { status, error }] = cell;
  return { cell, blocks: () => blocks() ?? [], status, error };
}

/** @type {(a: string, b: string) => number} */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
