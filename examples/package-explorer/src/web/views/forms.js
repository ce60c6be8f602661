// @ts-check
import { HOME } from "../address.js";
import { html } from "../html.js";

/**
 * @import { Address } from "../address.js"
 */

/** @param {Address} address */
export function searchForm(address) {
  return html`<form class="search" action="/" method="get" role="search" data-live>
  <label for="search">Search in</label>
  <select name="place" aria-label="Where to search">
    ${option("readmes", "READMEs", address.place)}
    ${option("sources", "all sources", address.place)}
  </select>
  <input id="search" type="search" name="search" value="${address.search}" autocomplete="off"
    maxlength="300" spellcheck="false">
  ${carried(address, ["search", "place"])}
  <button>Search</button>
</form>`;
}

/** @param {Address} address */
export function toolbar(address) {
  return html`<form class="toolbar" action="/" method="get" data-live>
  <label for="filter">Filter</label>
  <input id="filter" type="search" name="filter" value="${address.filter}" autocomplete="off"
    maxlength="300" spellcheck="false">
  <label for="sort">by</label>
  <select id="sort" name="sort">
    ${option("name", "name", address.sort)}
    ${option("size", "size", address.sort)}
    ${option("users", "users", address.sort)}
  </select>
  ${carried(address, ["filter", "sort"])}
  <button>Apply</button>
</form>`;
}

/** @type {(value: string, label: string, current: string) => import("../html.js").Safe} */
const option = (value, label, current) =>
  html`<option value="${value}"${value === current ? html` selected` : ""}>${label}</option>`;

/**
 * The rest of the view, so that sending one form without JavaScript does not forget the other.
 *
 * @param {Address} address
 * @param {Array<keyof Address>} own the fields that the form has itself
 */
function carried(address, own) {
  const keys = /** @type {Array<keyof Address>} */ (Object.keys(HOME));
  return keys
    .filter((key) => !own.includes(key) && address[key] !== HOME[key])
    .map((key) => html`<input type="hidden" name="${key}" value="${address[key]}">`);
}
