// @ts-check
import { createCatalogue } from "../graph/catalogue.js";
import { own } from "../reactive/own.js";
import { until } from "../reactive/until.js";
import { createDiskSource } from "../source/disk.js";
import { buildIfStale } from "../web/build.js";
import { serve } from "../web/server.js";
import { showProgress } from "./progress.js";

/**
 * Serves until it is told to stop.
 *
 * @param {string} root
 * @param {import("./options.js").Options} options
 */
export async function runServer(root, { port, jobs }) {
  await buildIfStale(console.error);
  const source = createDiskSource({ root, jobs, live: true });
  const [catalogue, dispose] = own(() => createCatalogue(source, { eager: true }), "catalogue");
  const server = await serve(source, catalogue, port);
  const stopProgress = showProgress(root, catalogue, process.stderr);
  // What changes after the first scan is seen on the page.
  until(catalogue.idle).then(stopProgress);

  const stop = async () => {
    stopProgress();
    await server.close();
    // With the last watcher and timer gone nothing holds the process: it exits by itself, with 0.
    dispose();
    source.dispose();
  };
  // Once: a second Ctrl-C, should the first take too long, ends the process the usual way.
  process.once("SIGINT", stop).once("SIGTERM", stop);

  // Last, because it tells that all the rest is in place.
  if (server.taken) console.error(`Port ${port} is in use, so another one was taken.`);
  console.log(`Package explorer: ${server.url}`);
}
