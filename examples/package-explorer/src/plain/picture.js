// @ts-check
import { linkTo } from "../graph/address.js";
import { html } from "./html.js";
import { section } from "./parts.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Box } from "../graph/layout.js"
 */

/**
 * The drawn part of the dependency graph, in which every package is a link.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function pictureBlock(catalogue, session) {
  const picture = session.picture();
  if (!picture || picture.boxes.length < 2) return html``;
  const { width, height, boxes, arrows } = picture;
  const address = session.address();
  const flagged = catalogue.flagged().problems;

  /** @param {Box} box */
  const draw = ({ id, role, label, name, version, hidden, x, y, width, height }) => {
    const [left, top] = [x - width / 2, y - height / 2];
    return html`<a class="box ${role}${flagged.has(id) && " bad"}" href="${linkTo(address, { package: id })}" data-key="box ${id}"${role === "selected" && html` aria-current="true"`}><title>${name} ${version}${hidden > 0 && `, and ${hidden} more`}</title><rect x="${left}" y="${top}" width="${width}" height="${height}" rx="9"/><text x="${left + 12}" y="${y - 3}">${label}</text><text class="version" x="${left + 12}" y="${y + 13}">${version}</text>${hidden > 0 && html`<text class="hidden" x="${left + width - 7}" y="${y + 13}">+${hidden}</text>`}</a>`;
  };
  return section(
    "Graph",
    html`<figure class="picture" aria-label="Who needs whom"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5L7.5 4L0 7.5z"/></marker></defs>
<g class="arrows">${arrows.map(({ path }) => html`<path d="${path}" marker-end="url(#tip)"/>`)}</g>
${boxes.map(draw)}
</svg></figure>`,
    "who uses it, and what it needs",
  );
}
