// @ts-check
import { createEffect } from "@signal-kernel/core";

/**
 * @import { Session } from "../graph/session.js"
 */

/**
 * Ties the page's forms to a session: typing changes it, and what a link changes shows in the field.
 *
 * @param {Session} session
 */
export function bindFields(session) {
  for (const element of document.querySelectorAll("form[data-live] [name]")) {
    if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) {
      bind(session, element);
    }
  }
}

/**
 * @param {Session} session
 * @param {HTMLInputElement | HTMLSelectElement} element
 */
function bind(session, element) {
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

/** @param {() => string} connection */
export function showConnection(connection) {
  createEffect(
    () => {
      document.documentElement.classList.toggle("offline", connection() === "lost");
    },
    { name: "connection shown" },
  );
}
