// @ts-check
import { messageOf } from "../format.js";
import { html, trusted } from "./html.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

/**
 * @param {Catalogue} _catalogue
 * @param {Session} session
 */
export function readme(_catalogue, session) {
  const status = session.readme.status();
  // Until the first blocks of a package are there, those of the one before are not its README.
  if (!session.selected() || status === "pending") return html``;
  const blocks = session.readme.blocks().map(trusted);
  if (status === "error") {
    return html`${blocks}<p class="note">The README cannot be shown: ${messageOf(session.readme.error())}</p>`;
  }
  if (blocks.length > 0) return html`${blocks}`;
  return status === "success" ? html`<p class="note">This package has no README.</p>` : html``;
}
