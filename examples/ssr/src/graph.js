// @ts-check

import { createResource } from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";

/**
 * @import { SnapshotScope } from "@signal-kernel/snapshot"
 * @import { Load } from "./store.js"
 */

/** Which graph it is: a client takes the state of this one only. */
export const GRAPH = { graphId: "shop", graphVersion: "1" };

/**
 * The shop, as server and client have it: one product, and what people say about it.
 *
 * @param {SnapshotScope} snapshot where its nodes are registered
 * @param {Load} load
 * @param {{ id: number, eager: boolean, token?: string }} start a client is not eager: it takes over
 *   what the server has, and fetches what follows
 */
export function createShop(snapshot, load, { id: first, eager, token: secret = "" }) {
  const id = signal(first, { name: "id" });
  const token = signal(secret, { name: "token" });
  const [product, productMeta] = createResource(
    id.get,
    (id, { signal }) => load.product(id, signal),
    { eager, name: "product" },
  );
  const [reviews, reviewsMeta] = createResource(
    id.get,
    (id, { signal }) => load.reviews(id, signal),
    { eager, name: "reviews" },
  );
  const stars = computed(() => {
    const list = reviews() ?? [];
    return list.length === 0 ? 0 : list.reduce((sum, { stars }) => sum + stars, 0) / list.length;
  });
  snapshot
    .signal("id", id)
    .signal("token", token, { redaction: "omit" })
    .resource("product", [product, productMeta], { restore: "seed" })
    .resource("reviews", [reviews, reviewsMeta], { restore: "seed" });
  return { id, product, productMeta, reviews, reviewsMeta, stars: stars.get };
}
