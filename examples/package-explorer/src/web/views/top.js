// @ts-check
import { count, formatBytes, formatNumber } from "../../format.js";
import { HOME, linkTo } from "../address.js";
import { html } from "../html.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { Explorer } from "../../graph/explorer.js"
 * @import { Address } from "../address.js"
 */

const DOING = { scanning: "reading", measuring: "measuring", ready: "" };

/**
 * What the explorer is doing, and where.
 *
 * @param {Explorer} explorer
 */
export function status(explorer) {
  const { phase, done, of } = explorer.progress();
  const watching = explorer.watching();
  return html`<span class="path" title="${explorer.root}">${explorer.root}</span>
${
  phase === "ready"
    ? html`<span class="pill ${watching === "live" ? "good" : "warn"}" data-phase="ready">${watching}</span>`
    : html`<span class="pill busy" data-phase="${phase}">${DOING[phase]} ${formatNumber(done)}/${formatNumber(of)}</span>`
}`;
}

/**
 * The figures, each a link to the packages behind it.
 *
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function tiles(explorer, session) {
  const address = session.address();
  const totals = explorer.totals();
  const integrity = explorer.integrity();
  const duplicates = explorer.duplicates().length;
  const problems = explorer.problems().length;
  const open = integrity.mismatch + integrity.unlisted + integrity.unchecked;

  return [
    tile(address, { show: "all", licence: "" }, "Packages", formatNumber(totals.packages), [
      count(totals.names, "name"),
      totals.workspaces > 0 && `${formatNumber(totals.workspaces)} own`,
    ]),
    tile(address, { show: "direct" }, "Direct", formatNumber(explorer.direct().size), [
      "asked for by the project",
    ]),
    tile(address, { show: "all", sort: "size" }, "Size", formatBytes(totals.bytes), [
      count(totals.files, "file"),
    ]),
    tile(address, { show: "duplicates" }, "Duplicates", formatNumber(duplicates), [
      duplicates > 0 ? "in several versions" : "one version each",
    ]),
    tile(address, { show: "unverified" }, "Verified", formatNumber(integrity.verified), [
      open > 0 ? `${formatNumber(open)} are not` : "all of them",
    ]),
    tile(address, { show: "problems" }, "Problems", formatNumber(problems), [
      problems > 0 ? "to look at" : "none found",
    ]),
  ].reduce((all, one) => html`${all}${one}`);
}

/**
 * @param {Address} address
 * @param {Partial<Address>} changes
 * @param {string} label
 * @param {string} figure
 * @param {Array<string | false>} notes
 */
function tile(address, changes, label, figure, notes) {
  const target = { ...HOME, ...changes, search: address.search, place: address.place };
  const current = Object.entries({ sort: HOME.sort, ...changes }).every(
    ([key, value]) => address[/** @type {keyof Address} */ (key)] === value,
  );
  return html`<a class="tile" href="${linkTo(target)}" data-tile="${label}"${current && html` aria-current="true"`}>
  <span class="label">${label}</span> <strong>${figure}</strong>
  <small>${notes.filter(Boolean).join(" · ")}</small>
</a>`;
}
