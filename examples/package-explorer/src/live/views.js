// @ts-check
import { createEffect } from "@signal-kernel/core";
import { count, formatBytes } from "../format.js";
import { summaryOf } from "../graph/results.js";

/**
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Session } from "../graph/session.js"
 */

/**
 * What this page shows of the graph beside its drawing: a line for each part. They are what makes the
 * graph do anything, since what nobody looks at is not evaluated.
 *
 * @type {Record<string, (catalogue: Catalogue, session: Session) => string>}
 */
export const VIEWS = {
  packages: ({ totals }) =>
    `${count(totals().packages, "package")}, ${formatBytes(totals().bytes)}`,
  verified: ({ integrity }) => String(integrity().verified),
  problems: ({ problems }) => String(problems().length),
  rows: (_catalogue, { rows }) => count(rows().length, "row"),
  selected: (_catalogue, { selected }) => selected()?.label ?? "nothing",
  drawing: (_catalogue, { picture }) => count(picture()?.boxes.length ?? 0, "box", "boxes"),
  search: (_catalogue, { search }) => summaryOf(search.status(), search.value(), search.error()),
  readme: (_catalogue, { readme }) =>
    `${count(readme.blocks().length, "block")}, ${readme.status()}`,
};

/**
 * Follows the views, with an effect for each.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @param {(name: string, text: string) => void} show
 */
export function followViews(catalogue, session, show) {
  for (const [name, view] of Object.entries(VIEWS)) {
    createEffect(() => show(name, view(catalogue, session)), { name: `shows ${name}` });
  }
}
