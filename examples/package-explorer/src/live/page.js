// @ts-check

import { searchForm, toolbar } from "../plain/forms.js";
import { brand, keys, switcher } from "../plain/frame.js";
import { html } from "../plain/html.js";
import { status } from "../plain/top.js";
import { draw } from "./drawing.js";
import { VIEWS } from "./views.js";

/**
 * @import { GraphPicture } from "@signal-kernel/native/inspect"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Session } from "../graph/session.js"
 * @import { Safe } from "../plain/html.js"
 */

/**
 * The page that draws its own reactive graph.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @param {GraphPicture} picture
 */
export function page(catalogue, session, picture) {
  const address = session.address();
  return html`<header class="top">
  ${brand("/live")}
  <nav class="switch" aria-label="Pages" data-region="switcher">${REGIONS.switcher(catalogue, session)}</nav>
  ${searchForm(address)}
  <div class="status" role="status" data-region="status">${REGIONS.status(catalogue)}</div>
</header>
<main class="pane workbench">
  <div class="scroll" data-scroll>
    <h2>The graph of this page</h2>
    <p class="lead">Every box is a signal, a computed, an asynchronous cell or an effect of the graph that this page runs on. Type below, or search above: what the last commit has touched lights up, and nothing else ran.</p>
    <div class="bench">
      ${toolbar(address)}
      ${packageForm(catalogue, session)}
    </div>
    <dl class="facts">${Object.entries(VIEWS).map(
      ([name, view]) =>
        html`<div><dt>${name}</dt><dd data-view="${name}">${view(catalogue, session)}</dd></div>`,
    )}</dl>
    <ul class="legend" aria-label="Colours">
      <li class="signal">signal</li><li class="computed">computed</li>
      <li class="resource">resource, stream</li><li class="effect">effect</li>
    </ul>
    <div class="course">
    <figure class="picture" aria-label="The reactive graph" data-drawing>${draw(picture)}</figure>
    <section class="block"><h3>Commits <small>the newest first</small></h3>
    <ol class="commits" data-commits aria-live="off"><li class="empty">None yet: they are made in the browser.</li></ol></section>
    </div>
  </div>
</main>
${keys()}
`;
}

/** @satisfies {Record<string, (catalogue: Catalogue, session: Session) => Safe>} */
export const REGIONS = {
  switcher: (_catalogue, session) => switcher(session.address(), "/live"),
  status,
};

/**
 * A selection without a list: the packages that the project asks for.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
function packageForm(catalogue, session) {
  const selected = session.address().package;
  const direct = catalogue.list().filter(({ id }) => catalogue.direct().has(id) || id === selected);
  return html`<form class="toolbar" method="get" data-live>
  <label for="package">Select</label>
  <select id="package" name="package"><option value="">nothing</option>${direct.map(
    ({ id, label }) =>
      html`<option value="${id}"${id === selected && html` selected`}>${label}</option>`,
  )}</select>
  <button>Apply</button>
</form>`;
}
