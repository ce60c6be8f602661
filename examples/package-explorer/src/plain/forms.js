// @ts-check
import { carried } from "../graph/address.js";
import { html } from "./html.js";

/**
 * @import { Address } from "../graph/address.js"
 */

/** @param {Address} address */
export function searchForm(address) {
  return html`<search><form class="search" method="get" data-live>
  <label for="search">Search in</label>
  <select name="place" aria-label="Where to search">
    ${option("readmes", "READMEs", address.place)}
    ${option("sources", "all sources", address.place)}
  </select>
  <input id="search" type="search" name="search" value="${address.search}" autocomplete="off"
    maxlength="300" spellcheck="false">
  ${hidden(address, ["search", "place"])}
  <button>Search</button>
</form></search>`;
}

/** @param {Address} address */
export function toolbar(address) {
  return html`<form class="toolbar" method="get" data-live>
  <label for="filter">Filter</label>
  <input id="filter" type="search" name="filter" value="${address.filter}" autocomplete="off"
    maxlength="300" spellcheck="false">
  <label for="sort">by</label>
  <select id="sort" name="sort">
    ${option("name", "name", address.sort)}
    ${option("size", "size", address.sort)}
    ${option("users", "users", address.sort)}
  </select>
  ${hidden(address, ["filter", "sort"])}
  <button>Apply</button>
</form>`;
}

/** @type {(value: string, label: string, current: string) => import("./html.js").Safe} */
const option = (value, label, current) =>
  html`<option value="${value}"${value === current ? html` selected` : ""}>${label}</option>`;

/** @type {(address: Address, own: Array<keyof Address>) => import("./html.js").Safe[]} */
const hidden = (address, own) =>
  carried(address, own).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
