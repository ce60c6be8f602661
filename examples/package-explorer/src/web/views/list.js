// @ts-check
import { count, formatBytes } from "../../format.js";
import { linkTo } from "../address.js";
import { html } from "../html.js";
import { bar } from "./parts.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { PackageCell } from "../../graph/cells.js"
 * @import { Explorer } from "../../graph/explorer.js"
 */

const SHORT_LIST = 150;
const LICENCE_CHIPS = 6;

/**
 * The licences that occur most, as filters.
 *
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function facets(explorer, session) {
  const address = session.address();
  const licences = explorer.licences();
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
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function list(explorer, session) {
  const rows = session.rows();
  const address = session.address();
  const shown = address.long ? rows : rows.slice(0, SHORT_LIST);
  const largest = explorer.largest()[0]?.bytes() ?? 0;

  if (rows.length === 0) return nothing(explorer, session);
  return html`<p class="count">${count(rows.length, "package")}</p>
<ol class="rows">${shown.map((cell) => row(explorer, session, cell, largest))}</ol>
${
  shown.length < rows.length &&
  html`<p class="more"><a href="${linkTo(address, { long: "yes" })}" data-key="more">Show all ${rows.length}</a></p>`
}`;
}

/**
 * @param {Explorer} explorer
 * @param {Session} session
 * @param {PackageCell} cell
 * @param {number} largest
 */
function row(explorer, session, cell, largest) {
  const { id, record } = cell;
  const address = session.address();
  const flagged = explorer.flagged();
  const bytes = cell.bytes();
  return html`<li><a class="row" href="${linkTo(address, { package: id })}" data-key="${id}"${
    address.package === id && html` aria-current="true"`
  }>
  <span class="name">${record.label} <small>${record.version}</small></span>
  <span class="badges">${[
    !record.installed && html`<span class="badge own">own</span>`,
    flagged.duplicates.has(id) &&
      html`<span class="badge dup" title="installed in several versions">versions</span>`,
    flagged.problems.has(id) && html`<span class="badge bad">problem</span>`,
  ]}</span>
  <span class="size">${formatBytes(bytes)}</span>
  ${bar(bytes ?? 0, largest)}
</a></li>`;
}

/**
 * @param {Explorer} explorer
 * @param {Session} session
 */
function nothing(explorer, session) {
  if (explorer.phase() === "scanning") return html`<p class="empty">Reading the packages…</p>`;
  if (explorer.world().cells.size > 0) {
    return html`<p class="empty">No package matches. <a href="${linkTo({ ...session.address(), filter: "", licence: "", show: "all" })}">Show all</a></p>`;
  }
  return html`<p class="empty">There are no packages here yet. Run <code>npm install</code> in <code>${explorer.root}</code>: they show up as they come.</p>`;
}
