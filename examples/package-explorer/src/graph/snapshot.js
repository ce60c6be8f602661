// @ts-check

/**
 * @import { SnapshotScope } from "@signal-kernel/snapshot"
 * @import { Catalogue } from "./catalogue.js"
 * @import { Parts } from "./source.js"
 * @import { Session } from "./session.js"
 */

/** The parts of the catalogue, in the order in which their versions are told. */
export const PARTS = /** @type {Array<keyof Parts>} */ ([
  "packages",
  "sizes",
  "verdicts",
  "status",
]);

/** Both sides have to agree on it: documents of another graph are refused. */
export const GRAPH = { graphId: "package-explorer", graphVersion: "1" };

/**
 * Names the cells of the catalogue: what the server has found out, a browser starts from.
 *
 * @param {SnapshotScope} scope
 * @param {Catalogue} catalogue
 */
export function describeCatalogue(scope, { cells }) {
  for (const name of PARTS) {
    const cell = /** @type {import("@signal-kernel/snapshot").ResourceTuple<unknown>} */ (
      cells[name]
    );
    scope.resource(name, cell, { restore: "seed" });
  }
}

/**
 * Names what belongs to one visitor: what is selected, and what was found for it.
 *
 * @param {SnapshotScope} scope
 * @param {Session} session
 */
export function describeSession(scope, { fields, search, readme }) {
  for (const [key, field] of Object.entries(fields)) {
    scope.signal(
      `address.${key}`,
      /** @type {import("@signal-kernel/core").Signal<string>} */ (field),
    );
  }
  scope.resource("search", search.cell, { restore: "seed" });
  scope.stream("readme", readme.cell, { restore: "stable-value" });
}
