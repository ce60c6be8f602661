// @ts-check

import { html, renderWithState } from "@signal-kernel/native/server";
import { createShop, GRAPH } from "./graph.js";
import { LAST_PRODUCT } from "./store.js";

/**
 * @import { RenderMode } from "@signal-kernel/native/server"
 * @import { Load } from "./store.js"
 */

/** How long a page waits for the store. What has not come then, the browser asks for itself. */
const PATIENCE = 2_000;
const MODES = /** @type {const} */ (["out-of-order", "in-order", "settled"]);

/** @param {string} nonce */
const policy = (nonce) =>
  `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'nonce-${nonce}'; base-uri 'none'`;

/**
 * @param {URL} url
 * @returns {{ id: number, mode: RenderMode } | undefined} undefined when there is no such page
 */
function addressOf({ pathname, searchParams }) {
  const id = /^\/(?:product\/(\d{1,6}))?$/.exec(pathname);
  if (id === null) return undefined;
  const mode = MODES.find((mode) => mode === searchParams.get("mode")) ?? "out-of-order";
  return { id: Number(id[1] ?? 1), mode };
}

/**
 * One page for one request, the same on every server.
 *
 * @param {Load} load
 * @param {{ url: URL, signal: AbortSignal, nonce: string, token: string }} request
 */
export async function renderPage(load, { url, signal, nonce, token }) {
  const address = addressOf(url);
  return renderWithState(
    ({ snapshot, slot, headers, setStatus }) => {
      headers.set("content-security-policy", policy(nonce));
      if (address === undefined || address.id < 1 || address.id > LAST_PRODUCT) {
        setStatus(404);
        return html`<!doctype html><title>Not here</title><p>There is no such page.</p>`;
      }
      const { id } = address;
      const shop = createShop(snapshot, load, { id, eager: true, token });
      const product = slot([shop.product, shop.productMeta], {
        pending: html`<p>One moment ...</p>`,
        success: ({ name, price }) => html`<h1>${name}</h1><p>${price}.00</p>`,
        error: () => html`<p>The product cannot be shown.</p>`,
      });
      const reviews = slot([shop.reviews, shop.reviewsMeta], {
        pending: html`<p>Reviews are coming ...</p>`,
        success: (list) =>
          html`<ul>${list.map(({ who, text, stars }) => html`<li>${who}, ${stars}: ${text}</li>`)}</ul>`,
        error: () => html`<p>No reviews today.</p>`,
      });
      return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Product ${id}</title>
  <script type="module" async src="/client.js"></script>
</head>
<body>
  <nav><a href="/product/${id - 1}">Back</a> <a href="/product/${id + 1}">Next</a></nav>
  <main id="product">${product}</main>
  <section id="reviews">${reviews}</section>
</body>
</html>
`;
    },
    {
      mode: address?.mode,
      timeoutMs: PATIENCE,
      signal,
      nonce,
      snapshot: GRAPH,
      capture: { secrets: token === "" ? [] : [token] },
      name: url.pathname,
    },
  );
}

/**
 * What the client asks for later: undefined when there is no such thing.
 *
 * @param {Load} load
 * @param {URL} url
 * @param {AbortSignal} signal
 */
export async function answerApi(load, { pathname }, signal) {
  const [, kind, id] = /^\/api\/(product|reviews)\/(\d{1,6})$/.exec(pathname) ?? [];
  if (kind === undefined) return undefined;
  return kind === "product" ? load.product(Number(id), signal) : load.reviews(Number(id), signal);
}
