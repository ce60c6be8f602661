// @ts-check
import { html } from "./html.js";

/**
 * A bar of a length. It is SVG because its size is data: a style attribute would need a hole in the
 * content security policy.
 *
 * @param {number} value
 * @param {number} largest
 */
export function bar(value, largest) {
  const width = largest > 0 ? Math.max(0.5, (100 * value) / largest) : 0;
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${width.toFixed(1)}" height="1"/></svg>`;
}

/**
 * @param {string} title
 * @param {unknown} body
 * @param {string} [note]
 */
export function section(title, body, note) {
  return html`<section class="block"><h3>${title}${note && html` <small>${note}</small>`}</h3>${body}</section>`;
}
