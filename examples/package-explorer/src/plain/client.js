// @ts-check
import { createGraph, takeOver } from "../browser/graph.js";
import { bindFields, showConnection } from "./fields.js";
import { showRegion } from "./region.js";
import { REGIONS } from "./regions.js";

const graph = await createGraph();
const { scope, catalogue, session, connection, start, goLive } = graph;
const { done } = await takeOver(graph);
start();
document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "center" });

/** Regions that work already. */
const shown = new Set();

scope.run(() => {
  showConnection(connection);
  bindFields(session);
});
// What stands in front of the state is complete; the rest may still be on its way.
const state = document.getElementById("signal-kernel-snapshot");
showRegions(
  (element) =>
    !state || element.compareDocumentPosition(state) === Node.DOCUMENT_POSITION_FOLLOWING,
);
await done;
showRegions(() => true);
goLive();

/** @param {(element: Element) => boolean} isReady */
function showRegions(isReady) {
  for (const name of /** @type {Array<keyof typeof REGIONS>} */ (Object.keys(REGIONS))) {
    const element = document.querySelector(`[data-region="${name}"]`);
    if (!element || shown.has(name) || !isReady(element)) continue;
    shown.add(name);
    scope.run(() => showRegion(element, name, () => REGIONS[name](catalogue, session).html));
  }
}
