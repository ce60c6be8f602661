// @ts-check

/**
 * @import { SearchPlace } from "./source.js"
 *
 * What one visitor looks at. It lives in the query of the page's URL, so that every view is a link:
 * without JavaScript a click loads it, with JavaScript the same click changes the session's signals.
 *
 * @typedef {"all" | "direct" | "duplicates" | "problems" | "unverified"} Show
 * @typedef {"name" | "size" | "users"} Sort
 *
 * @typedef {object} Address
 * @property {string} package id of the selected one, "" for none
 * @property {string} filter
 * @property {Show} show
 * @property {Sort} sort
 * @property {string} licence "" for any
 * @property {string} search
 * @property {SearchPlace} place
 * @property {"" | "yes"} long whether the whole list is shown
 */

/** @type {Address} */
export const HOME = {
  package: "",
  filter: "",
  show: "all",
  sort: "name",
  licence: "",
  search: "",
  place: "readmes",
  long: "",
};

/** The fields that are not free text, and what they may be. */
export const CHOICES = {
  show: ["all", "direct", "duplicates", "problems", "unverified"],
  sort: ["name", "size", "users"],
  place: ["readmes", "sources"],
  long: ["", "yes"],
};

const LONGEST = 300;

/**
 * @param {URLSearchParams} query
 * @returns {Address}
 */
export function parseAddress(query) {
  const fields = Object.entries(HOME).map(([key, usual]) => {
    const value = query.get(key)?.slice(0, LONGEST) ?? usual;
    const choices = CHOICES[/** @type {keyof typeof CHOICES} */ (key)];
    return [key, !choices || choices.includes(value) ? value : usual];
  });
  return Object.fromEntries(fields);
}

/**
 * The link that leads from one view to another, on whichever page it stands: it is a query only.
 *
 * @param {Address} address
 * @param {Partial<Address>} [changes]
 */
export function linkTo(address, changes) {
  const target = { ...address, ...changes };
  const query = new URLSearchParams();
  for (const key of /** @type {Array<keyof Address>} */ (Object.keys(HOME))) {
    if (target[key] !== HOME[key]) query.set(key, target[key]);
  }
  return `?${query}`;
}

/**
 * The rest of a view, for the hidden fields of a form: sent without JavaScript, it must not forget what
 * is chosen elsewhere.
 *
 * @param {Address} address
 * @param {Array<keyof Address>} own the fields that the form has itself
 * @returns {Array<[name: string, value: string]>}
 */
export function carried(address, own) {
  return Object.entries(address).filter(([key, value]) => {
    const name = /** @type {keyof Address} */ (key);
    return !own.includes(name) && name !== "long" && value !== HOME[name];
  });
}
