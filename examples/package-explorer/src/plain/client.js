// @ts-check
import { createEffect } from "@signal-kernel/core";
import { startGraph } from "../browser/graph.js";
import { showRegion } from "./region.js";
import { REGIONS } from "./regions.js";

/**
 * @import { Session } from "../graph/session.js"
 */

const { scope, catalogue, session, connection, goLive } = await startGraph();
document.documentElement.classList.add("live");
document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "center" });

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
  for (const name of /** @type {Array<keyof typeof REGIONS>} */ (Object.keys(REGIONS))) {
    const element = document.querySelector(`[data-region="${name}"]`);
    if (element) showRegion(element, name, () => REGIONS[name](catalogue, session).html);
  }
});
goLive();

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
