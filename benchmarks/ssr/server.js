// @ts-check
// The shop of examples/ssr on node:http, in a process of its own, which tells what it holds when asked.

import { engine } from "@signal-kernel/native";
import { startNode } from "../../examples/ssr/src/server-node.js";
import { createStore } from "../../examples/ssr/src/store.js";
import { SECRET } from "./load.js";

const [productMs, reviewsMs] = process.argv.slice(2).map(Number);
const store = createStore({ productMs, reviewsMs });
const server = await startNode({ load: store, client: "", port: 0, token: SECRET });

/** Forces a full collection, and gives finalizers and streams their turns. */
async function collect() {
  for (let i = 0; i < 4; i++) {
    /** @type {any} */ (globalThis).gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

process.on("message", async () => {
  await collect();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const { nodes, edges, tasks, bytes } = engine().counters;
  const cpu = process.cpuUsage();
  process.send?.({
    memory: { rss, heapUsed, external, arrayBuffers },
    kernel: { nodes, edges, tasks, bytes },
    inFlight: store.inFlight,
    cpuMs: (cpu.user + cpu.system) / 1000,
  });
});
process.on("disconnect", () => server.close());
process.send?.({ port: server.port });
