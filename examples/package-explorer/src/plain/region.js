// @ts-check
import { createEffect } from "@signal-kernel/core";

/**
 * Keeps a part of the page as the graph would have it. The server has rendered it from the same state,
 * so that at first there is nothing to do.
 *
 * @param {Element} element
 * @param {string} name
 * @param {() => string} view
 */
export function showRegion(element, name, view) {
  const served = element.innerHTML;
  /** @type {string | undefined} what is in the element, once this page has put it there */
  let shown;
  createEffect(
    () => {
      const html = view();
      if (shown === undefined && normal(html) === served) shown = html;
      if (html === shown) return;
      // What grows keeps what it has: a README is shown block by block.
      if (shown && html.startsWith(shown)) append(element, html.slice(shown.length));
      else replace(element, html);
      shown = html;
    },
    { name: `region ${name}` },
  );
}

/** The same HTML as the browser would write it. @param {string} html */
function normal(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.innerHTML;
}

/** @type {(element: Element, html: string) => void} */
const append = (element, html) => element.insertAdjacentHTML("beforeend", html);

/**
 * Replaces what a region holds, and keeps the keyboard where it was.
 *
 * @param {Element} element
 * @param {string} html
 */
function replace(element, html) {
  const focused = document.activeElement;
  const key = element.contains(focused) ? focused?.getAttribute("data-key") : undefined;
  element.innerHTML = html;
  if (!key) return;
  const again = element.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (again instanceof HTMLElement || again instanceof SVGElement)
    again.focus({ preventScroll: true });
}
