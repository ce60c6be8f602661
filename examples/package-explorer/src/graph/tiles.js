// @ts-check
import { count, formatBytes, formatNumber } from "../format.js";
import { HOME } from "./address.js";

/**
 * @import { Address } from "./address.js"
 * @import { Catalogue } from "./catalogue.js"
 *
 * @typedef {{ label: string, figure: string, note: string, changes: Partial<Address> }} Tile
 */

/**
 * The figures, each with the view of the packages behind it.
 *
 * @param {Catalogue} catalogue
 * @returns {Tile[]}
 */
export function tilesOf(catalogue) {
  const { packages, names, workspaces, bytes, files } = catalogue.totals();
  const { verified, mismatch, unlisted, unchecked } = catalogue.integrity();
  const duplicates = catalogue.duplicates().length;
  const problems = catalogue.problems().length;
  const open = mismatch + unlisted + unchecked;
  const own = workspaces > 0 ? ` · ${formatNumber(workspaces)} own` : "";

  /** @type {(label: string, figure: string, note: string, changes: Partial<Address>) => Tile} */
  const tile = (label, figure, note, changes) => ({
    ...{ label, figure, note },
    changes: { ...VIEW, ...changes },
  });
  return [
    tile("Packages", formatNumber(packages), count(names, "name") + own, {}),
    tile("Direct", formatNumber(catalogue.direct().size), "asked for by the project", {
      show: "direct",
    }),
    tile("Size", formatBytes(bytes), count(files, "file"), { sort: "size" }),
    tile(
      "Duplicates",
      formatNumber(duplicates),
      duplicates > 0 ? "in several versions" : "one version each",
      { show: "duplicates" },
    ),
    tile(
      "Verified",
      formatNumber(verified),
      open > 0 ? `${formatNumber(open)} are not` : "all of them",
      {
        show: "unverified",
      },
    ),
    tile("Problems", formatNumber(problems), problems > 0 ? "to look at" : "none found", {
      show: "problems",
    }),
  ];
}

/** What a tile leaves as it is: the search. */
const { search: _search, place: _place, ...VIEW } = HOME;

/** @type {(address: Address, changes: Partial<Address>) => boolean} */
export const isCurrent = (address, { show, sort, licence }) =>
  address.show === show && address.sort === sort && address.licence === licence;
