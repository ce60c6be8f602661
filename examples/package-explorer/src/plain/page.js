// @ts-check
import { searchForm, toolbar } from "./forms.js";
import { brand, keys } from "./frame.js";
import { html } from "./html.js";
import { REGIONS, regionOf } from "./regions.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Safe } from "./html.js"
 */

/**
 * What the page shows. Its regions are the parts that the browser replaces later; what is outside
 * of them (the forms, above all) is never touched, so that nobody loses what they are typing.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @returns {[untilResults: Safe, untilReadme: Safe, rest: Safe]} between them belong the regions that
 *   may take their time
 */
export function page(catalogue, session) {
  /** @param {keyof typeof REGIONS} name */
  const region = (name) => regionOf(name, REGIONS[name](catalogue, session));
  const address = session.address();
  return [
    html`<a class="skip" href="#list">Skip to the packages</a>
<header class="top">
  ${brand("/")}
  ${region("switcher")}
  ${searchForm(address)}
  ${region("status")}
</header>
${region("tiles")}
<div class="panes">
  <section class="pane" aria-label="Packages">
    ${toolbar(address)}
    ${region("facets")}
    ${region("list")}
  </section>
  <main class="pane">
    <div class="scroll" data-scroll>
`,
    html`
${region("detail")}
`,
    html`
    </div>
  </main>
</div>
${keys()}
`,
  ];
}
