// @ts-check
import { onCleanup } from "@signal-kernel/core";
import { goHome } from "./history.js";

/**
 * @import { Session } from "../graph/session.js"
 */

/** @type {(id: string) => void} */
const focus = (id) => document.getElementById(id)?.focus();

/** @param {number} step */
function moveInList(step) {
  const rows = Array.from(document.querySelectorAll(".row")).filter(
    (row) => row instanceof HTMLElement,
  );
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const from = at === -1 ? rows.findIndex((row) => row.ariaCurrent) : at;
  const row = rows[Math.max(0, Math.min(rows.length - 1, from + step))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": () => focus("filter"),
  s: () => focus("search"),
  j: () => moveInList(1),
  k: () => moveInList(-1),
  ArrowDown: () => moveInList(1),
  ArrowUp: () => moveInList(-1),
};

/** @param {Session} session */
export function listenToKeys(session) {
  document.addEventListener("keydown", onKey);
  onCleanup(() => document.removeEventListener("keydown", onKey));

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.metaKey || event.ctrlKey || event.altKey || !(event.target instanceof Element))
      return;
    const field = event.target.closest("input, select");
    if (event.key === "Escape") {
      if (field instanceof HTMLElement) field.blur();
      else goHome(session);
      return;
    }
    if (event.key === "ArrowDown" && field?.id === "filter") {
      event.preventDefault();
      return moveInList(1);
    }
    const inList = document.activeElement?.closest(".rows");
    const act = field || (event.key.startsWith("Arrow") && !inList) ? undefined : KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
