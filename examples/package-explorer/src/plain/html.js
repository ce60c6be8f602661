// @ts-check

/**
 * HTML that is known to be safe: only `html` and `trusted` make one, everything else is text.
 */
export class Safe {
  /** @param {string} html */
  constructor(html) {
    this.html = html;
    Object.freeze(this);
  }
  toString() {
    return this.html;
  }
}

/** @type {Record<string, string>} */
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * @param {string} text
 * @returns {string} fit for an element's text and for a quoted attribute
 */
export const escapeHtml = (text) =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");

/**
 * Vouches for a string that was put together elsewhere from escaped parts.
 *
 * @param {string} html
 */
export const trusted = (html) => new Safe(html);

/**
 * A template whose values are escaped, whatever they are: safe HTML stays, lists are joined, and
 * what is absent (undefined, null, false) shows as nothing.
 *
 * @param {TemplateStringsArray} parts
 * @param {...unknown} values
 * @returns {Safe}
 * @example
 * html`<li>${name}</li>` // the name may be "<script>"
 */
export function html(parts, ...values) {
  let out = parts[0] ?? "";
  values.forEach((value, at) => {
    out += show(value) + parts[at + 1];
  });
  return new Safe(out);
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function show(value) {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Safe) return value.html;
  if (Array.isArray(value)) return value.map(show).join("");
  return escapeHtml(String(value));
}
