// @ts-check
// The core of TanStack Query: an observer of a query, refetched by hand. It keeps the outcome in a cache
// under a key, shares it and compares it structurally, which is more than is asked of it here.

import { notifyManager, QueryClient, QueryObserver } from "@tanstack/query-core";

// Observers are called at once, as everybody else's are; its default is a timer.
notifyManager.setScheduler((callback) => callback());

let keys = 0;

/** @type {QueryClient} */
let client = new QueryClient();

/** @type {(() => void)[]} */
let disposers = [];

/** @type {import("../../harness/types.js").AsyncAdapter} */
export default {
  name: "query-core",
  batches: false,
  settlesSuperseded: false,
  cell(producer) {
    const observer = new QueryObserver(client, {
      queryKey: [keys++],
      queryFn: producer,
      enabled: false,
      retry: false,
      gcTime: Number.POSITIVE_INFINITY,
      structuralSharing: false,
    });
    // A query without a subscriber is not refetched as one that is in use.
    disposers.push(observer.subscribe(() => {}));
    const settled = () => observer.getCurrentResult().data;
    return {
      run: () => observer.refetch({ cancelRefetch: true }).then((result) => result.data),
      value: settled,
      status() {
        const { fetchStatus, status } = observer.getCurrentResult();
        return fetchStatus === "idle" && status === "pending" ? "idle" : status;
      },
      observer,
    };
  },
  observe(cell, seen) {
    const { observer } = /** @type {{ observer: QueryObserver }} */ (/** @type {unknown} */ (cell));
    disposers.push(observer.subscribe(seen));
    seen();
  },
  flush() {},
  withBuild(fn) {
    client = new QueryClient();
    disposers = [];
    const result = fn();
    const [built, own] = [disposers, client];
    return {
      result,
      dispose() {
        for (const dispose of built) dispose();
        own.clear();
      },
    };
  },
};
