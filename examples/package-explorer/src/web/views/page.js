// @ts-check
import { html } from "../html.js";
import { searchForm, toolbar } from "./forms.js";
import { REGIONS } from "./regions.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { Explorer } from "../../graph/explorer.js"
 */

/**
 * The whole page. Its regions are the parts that the event stream replaces later; what is outside
 * of them (the forms, above all) is never touched, so that nobody loses what they are typing.
 *
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function page(explorer, session) {
  /** @param {keyof typeof REGIONS} name */
  const region = (name) => REGIONS[name](explorer, session);
  const address = session.address();
  const working = explorer.phase() !== "ready";

  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${titleOf(session)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/client.js" type="module"></script>
${working && html`<noscript><meta http-equiv="refresh" content="2"></noscript>`}
</head>
<body>
<a class="skip" href="#list">Skip to the packages</a>
<header class="top">
  <a class="brand" href="/">${LOGO}<span>Package explorer</span></a>
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
<footer class="keys" aria-label="Keys">
  <span><kbd>/</kbd> filter</span><span><kbd>s</kbd> search files</span>
  <span><kbd>j</kbd> <kbd>k</kbd> next, previous</span><span><kbd>Enter</kbd> open</span>
  <span><kbd>Esc</kbd> clear</span>
</footer>
</body>
</html>
`;
}

/** @param {Session} session */
export function titleOf(session) {
  const selected = session.selected();
  return selected ? `${selected.record.label} · Package explorer` : "Package explorer";
}

const LOGO = html`<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M5 7l7 4 7-4M12 11v8" fill="none" stroke="currentColor" stroke-width="1.6"/><circle cx="5" cy="6" r="2.6"/><circle cx="19" cy="6" r="2.6"/><circle cx="12" cy="11.5" r="3"/><circle cx="12" cy="20" r="2.2"/></svg>`;
