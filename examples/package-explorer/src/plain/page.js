// @ts-check
import { searchForm, toolbar } from "./forms.js";
import { html } from "./html.js";
import { brand, keys, switcher } from "./frame.js";
import { REGIONS } from "./regions.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

/**
 * What the page shows. Its regions are the parts that the browser replaces later; what is outside
 * of them (the forms, above all) is never touched, so that nobody loses what they are typing.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function page(catalogue, session) {
  /** @param {keyof typeof REGIONS} name */
  const region = (name) => REGIONS[name](catalogue, session);
  const address = session.address();

  return html`<a class="skip" href="#list">Skip to the packages</a>
<header class="top">
  ${brand()}
  <div data-region="switcher">${region("switcher")}</div>
  ${searchForm(address)}
  <div class="status" data-region="status" role="status">${region("status")}</div>
</header>
<nav class="tiles" data-region="tiles" aria-label="Overview">${region("tiles")}</nav>
<div class="panes">
  <section class="pane" aria-label="Packages">
    ${toolbar(address)}
    <div data-region="facets">${region("facets")}</div>
    <div id="list" class="scroll" data-region="list" tabindex="-1">${region("list")}</div>
  </section>
  <main class="pane">
    <div class="scroll" data-scroll>
      <div data-region="results">${region("results")}</div>
      <div data-region="detail">${region("detail")}</div>
      <article class="readme" data-region="readme" aria-label="README">${region("readme")}</article>
    </div>
  </main>
</div>
${keys()}
`;
}
