// @ts-check
import { count, formatBytes } from "../format.js";
import { linkTo } from "../graph/address.js";
import { html } from "./html.js";
import { bar } from "./parts.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Package } from "../graph/source.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

const SHORT_LIST = 150;
const LICENCE_CHIPS = 6;

/**
 * The licences that occur most, as filters.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function facets(catalogue, session) {
  const address = session.address();
  const licences = catalogue.licences();
  const chips = licences.slice(0, LICENCE_CHIPS);
  // A licence that was chosen elsewhere gets a chip too: it is where it can be taken back.
  const chosen = licences.find(({ licence }) => licence === address.licence);
  if (chosen && !chips.includes(chosen)) chips.push(chosen);
  if (chips.length === 0) return html``;
  return html`<ul class="chips" aria-label="Licences">${chips.map(({ licence, packages }) => {
    const on = licence === address.licence;
    return html`<li><a class="chip" href="${linkTo(address, { licence: on ? "" : licence, long: "" })}"
      data-key="licence ${licence}"${on && html` aria-current="true"`}>${licence} <small>${packages}</small></a></li>`;
  })}</ul>`;
}

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function list(catalogue, session) {
  const rows = session.rows();
  const address = session.address();
  const shown = address.long ? rows : rows.slice(0, SHORT_LIST);
  const largest = catalogue.bytes(catalogue.largest()[0]?.id ?? "") ?? 0;

  if (rows.length === 0) return nothing(catalogue, session);
  return html`<p class="count">${count(rows.length, "package")}</p>
<ol class="rows">${shown.map((one) => row(catalogue, session, one, largest))}</ol>
${
  shown.length < rows.length &&
  html`<p class="more"><a href="${linkTo(address, { long: "yes" })}" data-key="more">Show all ${rows.length}</a></p>`
}`;
}

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @param {Package} one
 * @param {number} largest
 */
function row(catalogue, session, one, largest) {
  const { id } = one;
  const address = session.address();
  const flagged = catalogue.flagged();
  const bytes = catalogue.bytes(id);
  return html`<li><a class="row" href="${linkTo(address, { package: id })}" data-key="${id}"${
    address.package === id && html` aria-current="true"`
  }>
  <span class="name">${one.label} <small>${one.version}</small></span>
  <span class="badges">${[
    !one.installed && html`<span class="badge own">own</span>`,
    flagged.duplicates.has(id) &&
      html`<span class="badge dup" title="installed in several versions">versions</span>`,
    flagged.problems.has(id) && html`<span class="badge bad">problem</span>`,
  ]}</span>
  <span class="size">${formatBytes(bytes)}</span>
  ${bar(bytes ?? 0, largest)}
</a></li>`;
}

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
function nothing(catalogue, session) {
  if (catalogue.phase() === "scanning") return html`<p class="empty">Reading the packages…</p>`;
  if (catalogue.list().length > 0) {
    return html`<p class="empty">No package matches. <a href="${linkTo({ ...session.address(), filter: "", licence: "", show: "all" })}">Show all</a></p>`;
  }
  return html`<p class="empty">There are no packages here yet. Run <code>npm install</code> in <code>${catalogue.status().root}</code>: they show up as they come.</p>`;
}
