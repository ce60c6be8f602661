// @ts-check
import { createEffect, onCleanup } from "@signal-kernel/core";
import { HOME, linkTo, parseAddress } from "../graph/address.js";

/**
 * @import { Session } from "../graph/session.js"
 */

/**
 * Keeps the address bar and the session in step. A link is a step of the history; what is typed replaces
 * the address of the step it belongs to.
 *
 * @param {Session} session
 */
export function followHistory(session) {
  const shown = () => parseAddress(new URLSearchParams(location.search));
  createEffect(
    () => {
      const query = linkTo(session.address());
      if (query !== linkTo(shown())) history.replaceState(null, "", query);
    },
    { name: "address bar" },
  );
  createEffect(
    () => {
      const title = session.title();
      if (document.title !== title) document.title = title;
    },
    { name: "title" },
  );
  onCleanup(
    session.fields.package.subscribe(() => document.querySelector("[data-scroll]")?.scrollTo(0, 0)),
  );

  const onPopState = () => session.go(shown());
  addEventListener("popstate", onPopState);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  onCleanup(() => {
    removeEventListener("popstate", onPopState);
    document.removeEventListener("click", onClick);
    document.removeEventListener("submit", onSubmit);
  });

  /** @param {MouseEvent} event */
  function onClick(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    // Links in a drawing have an href of their own kind.
    const href = link?.getAttribute("href");
    if (!isPlain || event.altKey || !href?.startsWith("?")) return;
    event.preventDefault();
    visit(session, parseAddress(new URLSearchParams(href)));
  }

  /** Without JavaScript a form loads its page; with it the page has followed each letter. @param {Event} event */
  function onSubmit(event) {
    event.preventDefault();
  }
}

/**
 * Goes to another view, as a link does.
 *
 * @param {Session} session
 * @param {import("../graph/address.js").Address} address
 */
export function visit(session, address) {
  history.pushState(null, "", linkTo(address));
  session.go(address);
}

/** Closes everything. @param {Session} session */
export const goHome = (session) => visit(session, HOME);
