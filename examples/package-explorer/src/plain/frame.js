// @ts-check
import { linkTo } from "../graph/address.js";
import { PAGES } from "../graph/pages.js";
import { html } from "./html.js";

/**
 * @import { Address } from "../graph/address.js"
 */

/** @param {string} path of the page */
export const brand = (path) =>
  html`<a class="brand" href="${path}">${LOGO}<span>Package explorer</span></a>`;

/**
 * The same view on the other pages.
 *
 * @param {Address} address
 * @param {string} current the path of this one
 */
export function switcher(address, current) {
  return html`${PAGES.map(
    ({ path, label }) =>
      html`<a href="${path}${linkTo(address)}"${path === current && html` aria-current="page"`}>${label}</a>`,
  )}`;
}

export const keys = () => html`<footer class="keys" aria-label="Keys">
  <span><kbd>/</kbd> filter</span><span><kbd>s</kbd> search files</span>
  <span><kbd>j</kbd> <kbd>k</kbd> next, previous</span><span><kbd>Enter</kbd> open</span>
  <span><kbd>Esc</kbd> clear</span>
</footer>`;

const LOGO = html`<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M5 7l7 4 7-4M12 11v8" fill="none" stroke="currentColor" stroke-width="1.6"/><circle cx="5" cy="6" r="2.6"/><circle cx="19" cy="6" r="2.6"/><circle cx="12" cy="11.5" r="3"/><circle cx="12" cy="20" r="2.2"/></svg>`;
