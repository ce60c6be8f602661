// @ts-check
import { messageOf } from "../disk/errors.js";
import { nameAndVersion } from "../format.js";
import { BASIS } from "../graph/integrity.js";

/**
 * @import { Explorer } from "../graph/explorer.js"
 * @typedef {ReturnType<typeof buildReport>} Report
 */

const LARGEST = 10;

/**
 * What the graph knows, as plain data: the source of every report, for people and for programs.
 *
 * @param {Explorer} explorer
 */
export function buildReport(explorer) {
  const { packages, names, workspaces, bytes, files } = explorer.totals();
  const { cells } = explorer.world();
  const edges = [...cells.values()].flatMap((cell) => cell.dependencies());
  const scanError = explorer.scanError();

  return {
    root: explorer.root,
    counts: { packages, names, workspaces, dependencies: edges.length, files, bytes },
    licences: Object.fromEntries(
      explorer.licences().map(({ licence, packages }) => [licence, packages]),
    ),
    largest: explorer
      .largest()
      .slice(0, LARGEST)
      .map((cell) => ({
        package: nameAndVersion(cell.record),
        path: cell.id,
        bytes: cell.bytes() ?? 0,
      })),
    duplicates: explorer.duplicates().map(({ name, versions, bytes }) => ({
      name,
      versions: Object.fromEntries(versions),
      bytes,
    })),
    integrity: { ...explorer.integrity(), basis: BASIS },
    problems: [
      ...(scanError === undefined ? [] : [{ path: ".", message: messageOf(scanError) }]),
      ...explorer.problems().map(({ id, message }) => ({ path: id, message })),
    ],
  };
}
