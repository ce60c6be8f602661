// @ts-check
import { createEffect } from "@signal-kernel/core";
import { startGraph } from "../browser/graph.js";
import { showRegion } from "./region.js";
import { REGIONS } from "./regions.js";

/**
 * @import { Session } from "../graph/session.js"
 */

const { scope, catalogue, session, connection, done, goLive } = await startGraph();
document.documentElement.classList.add("live");
document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "center" });

/** Regions that work already. */
const shown = new Set();

scope.run(() => {
  createEffect(
    () => {
      document.documentElement.classList.toggle("offline", connection() === "lost");
    },
    { name: "connection shown" },
  );
  for (const field of document.querySelectorAll("form[data-live] [name]")) {
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) bind(field);
  }
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

/**
 * Typing changes the session, and a link that changes the session shows in the field.
 *
 * @param {HTMLInputElement | HTMLSelectElement} element
 */
function bind(element) {
  const name = /** @type {keyof Session["fields"]} */ (element.name);
  createEffect(
    () => {
      const value = session.fields[name].get();
      if (element !== document.activeElement) element.value = value;
    },
    { name: `field ${name}` },
  );
  if (element.type !== "hidden") {
    element.addEventListener("input", () => session.type(name, element.value));
  }
}
