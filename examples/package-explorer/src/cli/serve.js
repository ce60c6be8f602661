// @ts-check
import { createExplorer } from "../graph/explorer.js";
import { until } from "../reactive/until.js";
import { serve } from "../web/server.js";
import { showProgress } from "./progress.js";

/**
 * Serves until it is told to stop.
 *
 * @param {string} root
 * @param {import("./options.js").Options} options
 */
export async function runServer(root, { port, jobs }) {
  const explorer = createExplorer({ root, jobs, live: true });
  const server = await serve(explorer, port);
  const stopProgress = showProgress(explorer, process.stderr);
  // What changes after the first scan is seen on the page.
  until(explorer.idle).then(stopProgress);

  const stop = async () => {
    stopProgress();
    await server.close();
    // With the last watcher and timer gone nothing holds the process: it exits by itself, with 0.
    explorer.dispose();
  };
  // Once: a second Ctrl-C, should the first take too long, ends the process the usual way.
  process.once("SIGINT", stop).once("SIGTERM", stop);

  // Last, because it tells that all the rest is in place.
  if (server.taken) console.error(`Port ${port} is in use, so another one was taken.`);
  console.log(`Package explorer: ${server.url}`);
}
