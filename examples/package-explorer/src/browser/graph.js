// @ts-check
import { createScope, untracked } from "@signal-kernel/core";
import { init } from "@signal-kernel/native";
import { createSnapshotScope, hydrate } from "@signal-kernel/snapshot";
import { parseAddress } from "../graph/address.js";
import { createCatalogue } from "../graph/catalogue.js";
import { createSession } from "../graph/session.js";
import { describeCatalogue, describeSession, GRAPH } from "../graph/snapshot.js";
import { createHttpSource } from "../source/http.js";
import { followHistory } from "./history.js";
import { listenToKeys } from "./keys.js";
import { followServer } from "./live.js";

/**
 * @typedef {Awaited<ReturnType<typeof startGraph>>} BrowserGraph
 */

/**
 * Starts the graph of this page from the state that the server has rendered: nothing that was found out
 * there is asked for again, and what was still pending is asked for once. From then on every change of
 * the view is made here, and what happens on the server's disk comes by the live channel.
 *
 * @returns `done`: when the page, which may come in pieces, and its state are complete
 */
export async function startGraph() {
  await init();
  const snapshot = createSnapshotScope(GRAPH);
  const scope = createScope({ name: "page" });
  const { catalogue, session } = scope.run(() => untracked(() => build(snapshot)));
  const { server, done } = await takeOver(snapshot, catalogue, session);
  return scope.run(() => {
    const live = followServer(snapshot, catalogue, server);
    followHistory(session);
    listenToKeys(session);
    return { scope, catalogue, session, done, ...live };
  });
}

/** @param {import("@signal-kernel/snapshot").SnapshotScope} snapshot */
function build(snapshot) {
  const source = createHttpSource();
  const catalogue = createCatalogue(source, { eager: false });
  const address = parseAddress(new URLSearchParams(location.search));
  const session = createSession(catalogue, source, address, { eager: false });
  describeCatalogue(snapshot, catalogue);
  describeSession(snapshot, session);
  return { catalogue, session };
}

/**
 * @param {import("@signal-kernel/snapshot").SnapshotScope} snapshot
 * @param {import("../graph/catalogue.js").Catalogue} catalogue
 * @param {import("../graph/session.js").Session} session
 */
async function takeOver(snapshot, { cells }, { search }) {
  try {
    const { done } = await hydrate(snapshot);
    const server =
      document.querySelector("meta[name=server]")?.getAttribute("content") ?? undefined;
    return { server, done };
  } catch (error) {
    // The page is of another version, or was cut off: it starts like one that never had a server.
    console.warn("The state of the page could not be used.", error);
    for (const [, meta] of [...Object.values(cells), search.cell]) meta.reload();
    return { server: undefined, done: Promise.resolve() };
  }
}
