// @ts-check
import { linkTo } from "../graph/address.js";
import { summaryOf } from "../graph/results.js";
import { html } from "./html.js";

/**
 * @import { Match } from "../graph/source.js"
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

/**
 * What the search found. While a newer run reads, the last one's results stay, marked as such.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function results(catalogue, session) {
  const address = session.address();
  if (address.search.trim() === "") return html``;
  const { search } = session;
  const status = search.status();
  const found = search.value();

  /** @param {Match} match */
  const item = ({ id, file, line, before, hit, after }) => html`<li>
  <a href="${linkTo(address, { package: id })}" data-key="match ${id} ${file} ${line}">${catalogue.find(id)?.label ?? id}</a>
  <span class="where">${file}:${line}</span>
  <code>${before}<mark>${hit}</mark>${after}</code></li>`;

  return html`<section class="results" data-status="${status}" data-superseded="${search.superseded()}">
<h2>Search <small>${summaryOf(status, found, search.error())}</small></h2>
${found && html`<ol class="matches">${found.matches.map(item)}</ol>`}
</section>`;
}
