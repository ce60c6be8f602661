// @ts-check
import { createScope, untracked } from "@signal-kernel/core";
import { init } from "@signal-kernel/native";
import { fromScript, restoreSnapshot } from "@signal-kernel/snapshot";
import { parseAddress } from "../graph/address.js";
import { createCatalogue } from "../graph/catalogue.js";
import { createSession } from "../graph/session.js";
import { createExplorerSnapshot, describeCatalogue, describeSession } from "../graph/snapshot.js";
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
 */
export async function startGraph() {
  await init();
  const snapshot = createExplorerSnapshot();
  const scope = createScope({ name: "page" });
  return scope.run(() =>
    untracked(() => {
      const source = createHttpSource();
      const catalogue = createCatalogue(source, { eager: false });
      const address = parseAddress(new URLSearchParams(location.search));
      const session = createSession(catalogue, source, address, { eager: false });
      describeCatalogue(snapshot, catalogue);
      describeSession(snapshot, session);

      const server = restore();
      if (server === undefined) askForAll(catalogue, session);
      const live = followServer(snapshot, catalogue, server);
      followHistory(session);
      listenToKeys(session);
      return { scope, catalogue, session, ...live };
    }),
  );

  /** Which server the page is from; undefined when there was no state that could be used. */
  function restore() {
    try {
      const element = document.getElementById("signal-kernel-snapshot");
      if (element === null) return undefined;
      const state = fromScript(element);
      restoreSnapshot(snapshot, state, { resume: true });
      return state.graph.instanceId;
    } catch (error) {
      // The page is of another version, or was cut off: it starts like one that never had a server.
      console.warn("The state of the page could not be used.", error);
      return undefined;
    }
  }
}

/**
 * @param {import("../graph/catalogue.js").Catalogue} catalogue
 * @param {import("../graph/session.js").Session} session
 */
function askForAll({ cells }, { search }) {
  for (const [, meta] of [...Object.values(cells), search.cell]) meta.reload();
}
