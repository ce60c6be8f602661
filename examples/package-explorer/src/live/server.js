// @ts-check

import { inspect } from "@signal-kernel/native/inspect";
import { rawHtml } from "@signal-kernel/native/server";
import { page } from "./page.js";
import { followViews } from "./views.js";

/**
 * @import { Shown } from "../web/pages.js"
 */

/**
 * The same page with the graph of the request that it answers: it has the same views, for as long as the
 * request lasts.
 *
 * @param {Shown} shown
 */
export function renderLive({ catalogue, session, context: { scope } }) {
  scope.run(() => followViews(catalogue, session, () => {}));
  return rawHtml(page(catalogue, session, inspect(scope)).html);
}
