// @ts-check
import { messageOf } from "../../disk/errors.js";
import { html } from "../html.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { Explorer } from "../../graph/explorer.js"
 */

/**
 * @param {Explorer} _explorer
 * @param {Session} session
 */
export function readme(_explorer, session) {
  if (!session.selected()) return html``;
  const blocks = session.readme.blocks();
  const status = session.readme.status();
  if (status === "error") {
    return html`${blocks}<p class="note">The README cannot be shown: ${messageOf(session.readme.error())}</p>`;
  }
  if (blocks.length > 0) return html`${blocks}`;
  return status === "success" ? html`<p class="note">This package has no README.</p>` : html``;
}
