// @ts-check
import { html, rawHtml } from "@signal-kernel/native/server";
import { page } from "./page.js";
import { REGIONS, regionOf } from "./regions.js";

/**
 * @import { Shown } from "../web/pages.js"
 */

/**
 * The page for a server that sends it piece by piece: what waits for the disk, the search and the README,
 * are slots. What is in front of them can be used while they are still on their way.
 *
 * @param {Shown} shown
 */
export function renderPlain({ catalogue, session, context: { slot } }) {
  /**
   * @param {"results" | "readme"} name
   * @param {readonly [() => any, any]} cell
   */
  const later = (name, cell) => {
    const region = () => rawHtml(regionOf(name, REGIONS[name](catalogue, session)).html);
    return slot(cell, { success: region, error: region, pending: region });
  };
  const slots = [later("results", session.search.cell), later("readme", session.readme.cell)];
  return page(catalogue, session).map((part, at) => html`${rawHtml(part.html)}${slots[at]}`);
}
