// @ts-check
import { messageOf } from "../../disk/errors.js";
import { count } from "../../format.js";
import { linkTo } from "../address.js";
import { html } from "../html.js";

/**
 * @import { Match } from "../../disk/grep.js"
 * @import { Session } from "../../graph/session.js"
 * @import { Explorer } from "../../graph/explorer.js"
 */

/**
 * What the search found. While a newer run reads, the last one's results stay, marked as such.
 *
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function results(explorer, session) {
  const address = session.address();
  if (address.search.trim() === "") return html``;
  const { search } = session;
  const status = search.status();
  const found = search.value();
  const { cells } = explorer.world();

  /** @param {Match} match */
  const item = ({ id, file, line, before, hit, after }) => html`<li>
  <a href="${linkTo(address, { package: id })}" data-key="match ${id} ${file} ${line}">${cells.get(id)?.record.label ?? id}</a>
  <span class="where">${file}:${line}</span>
  <code>${before}<mark>${hit}</mark>${after}</code></li>`;

  return html`<section class="results" data-status="${status}" data-superseded="${search.superseded()}">
<h2>Search <small>${summary(status, found, search.error())}</small></h2>
${found && html`<ol class="matches">${found.matches.map(item)}</ol>`}
</section>`;
}

/**
 * @param {string} status
 * @param {import("../../disk/grep.js").Found | undefined} found
 * @param {unknown} error
 */
function summary(status, found, error) {
  if (status === "pending") return "reading…";
  if (status === "error") return `failed: ${messageOf(error)}`;
  if (!found) return "two letters at least";
  return [
    `${count(found.matches.length, "match", "matches")} in ${count(found.files, "file")}`,
    !found.complete && "there are more",
    found.unreadable > 0 && `${count(found.unreadable, "file")} cannot be read`,
  ]
    .filter(Boolean)
    .join(", ");
}
