// @ts-check
import { createScope, untracked } from "@signal-kernel/core";
import { init } from "@signal-kernel/native";
import { createSnapshotScope, fromScript, hydrate } from "@signal-kernel/snapshot";
import { parseAddress } from "../graph/address.js";
import { createCatalogue } from "../graph/catalogue.js";
import { createSession } from "../graph/session.js";
import { describeCatalogue, describeSession, GRAPH } from "../graph/snapshot.js";
import { createHttpSource } from "../source/http.js";
import { followHistory } from "./history.js";
import { listenToKeys } from "./keys.js";
import { followServer } from "./live.js";

/**
 * @import { SnapshotDocument } from "@signal-kernel/snapshot"
 * @typedef {Awaited<ReturnType<typeof createGraph>>} BrowserGraph
 */

/**
 * Makes the graph of this page. It is idle: it is for the page to give it the state that it was rendered
 * with, so that nothing is asked for that was found out on the server, and what was still pending there
 * once. From then on every change of the view is made here, and what happens on the server's disk comes
 * by the live channel.
 */
export async function createGraph() {
  await init();
  const scope = createScope({ name: "page" });
  return scope.run(() =>
    untracked(() => {
      const snapshot = createSnapshotScope(GRAPH);
      const source = createHttpSource();
      const catalogue = createCatalogue(source, { eager: false });
      const address = parseAddress(new URLSearchParams(location.search));
      const session = createSession(catalogue, source, address, { eager: false });
      describeCatalogue(snapshot, catalogue);
      describeSession(snapshot, session);
      const { connection, goLive } = followServer(snapshot, catalogue);
      /** To be called when the state is restored: from then on the page can be used. */
      const start = () =>
        scope.run(() => {
          followHistory(session);
          listenToKeys(session);
          document.documentElement.classList.add("live");
        });
      return { scope, snapshot, catalogue, session, connection, start, goLive };
    }),
  );
}

/**
 * Takes over the state of a page that comes in pieces.
 *
 * @param {BrowserGraph} graph
 * @returns {Promise<{ done: Promise<void> }>} when the first piece was restored; `done`: and all of it
 */
export async function takeOver(graph) {
  try {
    return await hydrate(graph.snapshot);
  } catch (error) {
    return { done: startWithout(graph, error) };
  }
}

/**
 * The state of a page that has come as a whole, for a framework to restore.
 *
 * @param {BrowserGraph} graph
 * @returns {SnapshotDocument | null}
 */
export function stateOfPage(graph) {
  try {
    const element = document.getElementById("signal-kernel-snapshot");
    if (element === null) throw new Error("There is none.");
    return fromScript(element);
  } catch (error) {
    startWithout(graph, error);
    return null;
  }
}

/**
 * The page is of another version, or was cut off: it starts like one that never had a server.
 *
 * @param {BrowserGraph} graph
 * @param {unknown} error
 */
async function startWithout({ catalogue, session }, error) {
  console.warn("The state of the page could not be used.", error);
  for (const [, meta] of [...Object.values(catalogue.cells), session.search.cell]) meta.reload();
}
