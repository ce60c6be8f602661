// @ts-check
import { nameAndVersion } from "../format.js";
import { BASIS } from "../graph/basis.js";

/**
 * @import { Catalogue } from "../graph/catalogue.js"
 * @typedef {ReturnType<typeof buildReport>} Report
 */

const LARGEST = 10;

/**
 * What the graph knows, as plain data: the source of every report, for people and for programs.
 *
 * @param {Catalogue} catalogue
 */
export function buildReport(catalogue) {
  const { packages, names, workspaces, bytes, files } = catalogue.totals();
  const edges = catalogue.list().flatMap(({ edges }) => edges);
  const { root, error } = catalogue.status();

  return {
    root,
    counts: { packages, names, workspaces, dependencies: edges.length, files, bytes },
    licences: Object.fromEntries(
      catalogue.licences().map(({ licence, packages }) => [licence, packages]),
    ),
    largest: catalogue
      .largest()
      .slice(0, LARGEST)
      .map((one) => ({
        package: nameAndVersion(one),
        path: one.id,
        bytes: catalogue.bytes(one.id) ?? 0,
      })),
    duplicates: catalogue.duplicates().map(({ name, versions, bytes }) => ({
      name,
      versions: Object.fromEntries(versions),
      bytes,
    })),
    integrity: { ...catalogue.integrity(), basis: BASIS },
    problems: [
      ...(error === "" ? [] : [{ path: ".", message: error }]),
      ...catalogue.problems().map(({ id, message }) => ({ path: id, message })),
    ],
  };
}
