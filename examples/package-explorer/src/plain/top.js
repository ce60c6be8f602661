// @ts-check
import { formatNumber } from "../format.js";
import { linkTo } from "../graph/address.js";
import { isCurrent, tilesOf } from "../graph/tiles.js";
import { html } from "./html.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

const DOING = { scanning: "reading", measuring: "measuring", ready: "" };

/**
 * What the catalogue is doing, and where.
 *
 * @param {Catalogue} catalogue
 */
export function status(catalogue) {
  const { root, phase, done, of, watching } = catalogue.status();
  return html`<span class="path" title="${root}">${root}</span>
${
  phase === "ready"
    ? html`<span class="pill ${watching === "live" ? "good" : "warn"}" data-phase="ready">${watching}</span>`
    : html`<span class="pill busy" data-phase="${phase}">${DOING[phase]} ${formatNumber(done)}/${formatNumber(of)}</span>`
}`;
}

/**
 * The figures, each a link to the packages behind it.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function tiles(catalogue, session) {
  const address = session.address();
  return html`${tilesOf(catalogue).map(
    ({ label, figure, note, changes }) =>
      html`<a class="tile" href="${linkTo(address, changes)}" data-tile="${label}"${isCurrent(address, changes) && html` aria-current="true"`}>
  <span class="label">${label}</span> <strong>${figure}</strong>
  <small>${note}</small>
</a>`,
  )}`;
}
