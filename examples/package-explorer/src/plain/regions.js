// @ts-check

import { detail } from "./detail.js";
import { switcher } from "./frame.js";
import { html, trusted } from "./html.js";
import { facets, list } from "./list.js";
import { readme } from "./readme.js";
import { results } from "./results.js";
import { status, tiles } from "./top.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Safe } from "./html.js"
 * @typedef {(catalogue: Catalogue, session: Session) => Safe} View
 *
 * The parts of the page that change. Each is a function from the graph to HTML: the server calls it
 * once, in the browser an effect of its own calls it again whenever something that it read has changed.
 *
 * @satisfies {Record<string, View>}
 */
export const REGIONS = {
  switcher: (_catalogue, session) => switcher(session.address(), "/"),
  status,
  tiles,
  facets,
  list,
  results,
  detail,
  readme,
};

/** The elements that the regions are: tag and attributes. */
const ELEMENTS = {
  switcher: 'nav class="switch" aria-label="Pages"',
  status: 'div class="status" role="status"',
  tiles: 'nav class="tiles" aria-label="Overview"',
  facets: "div",
  list: 'div id="list" class="scroll" tabindex="-1"',
  results: "div",
  detail: "div",
  readme: 'article class="readme" aria-label="README"',
};

/**
 * A region with what it shows.
 *
 * @param {keyof typeof REGIONS} name
 * @param {Safe} content
 */
export function regionOf(name, content) {
  const element = ELEMENTS[name];
  const [tag] = element.split(" ");
  return html`${trusted(`<${element} data-region="${name}">`)}${content}${trusted(`</${tag}>`)}`;
}
