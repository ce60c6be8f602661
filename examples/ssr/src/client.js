// @ts-check
/// <reference lib="dom" />

import { createEffect } from "@signal-kernel/core";
import { createSnapshotScope, hydrate } from "@signal-kernel/snapshot";
import { createShop, GRAPH } from "./graph.js";

/** @param {string} kind @param {number} id @param {AbortSignal} signal */
async function get(kind, id, signal) {
  const response = await fetch(`/api/${kind}/${id}`, { signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

const snapshot = createSnapshotScope(GRAPH);
const shop = createShop(
  snapshot,
  {
    product: (id, signal) => get("product", id, signal),
    reviews: (id, signal) => get("reviews", id, signal),
  },
  { id: 0, eager: false },
);

/** Replaces what an element shows. @param {string} name @param {(string | Node)[]} parts */
const show = (name, ...parts) => document.getElementById(name)?.replaceChildren(...parts);

/** @param {string} tag @param {string} text */
const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

/** What the server shows stays until the visitor goes elsewhere. */
let first = 0;

function drawProduct() {
  const product = shop.product();
  if (shop.id.get() === first || product === undefined) return;
  show("product", element("h1", product.name), element("p", `${product.price}.00`));
  document.title = `Product ${product.id}`;
}

function drawReviews() {
  const list = shop.reviews() ?? [];
  if (shop.id.get() === first) return;
  const items = list.map(({ who, text, stars }) => element("li", `${who}, ${stars}: ${text}`));
  const all = element("ul", "");
  all.append(...items);
  show("reviews", all);
}

/** @param {MouseEvent} event */
function go(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const id = Number(/\/product\/(\d+)$/.exec(link?.pathname ?? "")?.[1]);
  if (!(id > 0)) return;
  event.preventDefault();
  first = 0;
  shop.id.set(id);
  const [back, next] = document.querySelectorAll("nav a");
  back?.setAttribute("href", `/product/${id - 1}`);
  next?.setAttribute("href", `/product/${id + 1}`);
}

const { done } = await hydrate(snapshot);
first = shop.id.get();
createEffect(drawProduct);
createEffect(drawReviews);
document.addEventListener("click", go);
createEffect(() => {
  const { dataset } = document.documentElement;
  dataset.product = shop.productMeta.status();
  dataset.reviews = shop.reviewsMeta.status();
});
await done;
document.documentElement.dataset.state = "complete";
