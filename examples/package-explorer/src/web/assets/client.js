// @ts-check

/**
 * The client knows nothing about packages. It turns clicks and typing into addresses, sends them to
 * the session on the server, and puts the regions that come back into the page. Without it every
 * link and form still works, by loading the page it leads to.
 */

/** @type {string | undefined} the session of the open stream */
let session;
/** @type {URL | undefined} where to go as soon as there is a session */
let next;
let retry = 500;

/** @type {(name: string) => HTMLElement | null} */
const regionOf = (name) => document.querySelector(`[data-region="${CSS.escape(name)}"]`);

/** @type {<T extends Element>(selector: string) => T[]} */
const all = (selector) => Array.from(document.querySelectorAll(selector));

document.documentElement.classList.add("live");
document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "center" });
connect();

function connect() {
  const stream = new EventSource(`/events${location.search}`);
  stream.addEventListener("hello", ({ data }) => {
    session = JSON.parse(data).session;
    retry = 500;
    document.documentElement.classList.remove("offline");
    if (next) go(next);
  });
  stream.addEventListener("patch", ({ data }) => patch(JSON.parse(data)));
  stream.addEventListener("title", ({ data }) => {
    document.title = JSON.parse(data).title;
  });
  stream.addEventListener("append", ({ data }) => {
    const { region, html } = JSON.parse(data);
    regionOf(region)?.insertAdjacentHTML("beforeend", html);
  });
  // The browser would reconnect by itself, but to the address this stream began with.
  stream.addEventListener("error", () => {
    stream.close();
    session = undefined;
    document.documentElement.classList.add("offline");
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, 8000);
  });
}

/**
 * Replaces a region's content, and keeps the keyboard where it was.
 *
 * @param {{ region: string, html: string }} patch
 */
function patch({ region, html }) {
  const element = regionOf(region);
  if (!element) return;
  const focused = document.activeElement;
  const key = element.contains(focused) ? focused?.getAttribute("data-key") : undefined;
  element.innerHTML = html;
  if (key) byKey(element, key)?.focus({ preventScroll: true });
}

/** @type {(within: Element, key: string) => HTMLElement | null} */
const byKey = (within, key) => within.querySelector(`[data-key="${CSS.escape(key)}"]`);

/**
 * Shows another view: the address bar changes at once, the regions when the server has sent them.
 *
 * @param {URL} url
 * @param {"push" | "replace" | "keep"} [history]
 */
async function go(url, history = "keep") {
  const selected = new URL(location.href).searchParams.get("package");
  if (history === "push") window.history.pushState(null, "", url);
  if (history === "replace") window.history.replaceState(null, "", url);
  for (const input of all("form[data-live] [name]")) reflect(/** @type {any} */ (input), url);
  if (url.searchParams.get("package") !== selected) {
    document.querySelector("[data-scroll]")?.scrollTo(0, 0);
  }
  next = url;
  if (!session) return;
  const { ok } = await fetch(`/session/${session}`, {
    method: "POST",
    body: url.search.slice(1),
  }).catch(() => ({ ok: false }));
  // If it failed, the stream has broken too: the new one begins with the address as it is then.
  if (ok && next === url) next = undefined;
}

/**
 * Forms hold the rest of the view in hidden fields, and show it in the others.
 *
 * @param {HTMLInputElement | HTMLSelectElement} input
 * @param {URL} url
 */
function reflect(input, url) {
  if (input === document.activeElement) return;
  input.value = url.searchParams.get(input.name) ?? usualOf(input);
}

/**
 * The value that is left out of addresses.
 *
 * @param {HTMLInputElement | HTMLSelectElement} input
 */
const usualOf = (input) => ("options" in input ? input.options[0]?.value : "") ?? "";

/** Where the forms lead, on top of where we are. */
function formsAddress() {
  const url = new URL(location.href);
  for (const input of all("form[data-live] [name]:not([type=hidden])")) {
    const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (input);
    const { name, value } = field;
    if (value !== usualOf(field)) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  url.searchParams.delete("long");
  return url;
}

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element && event.target.closest("form[data-live]");
  if (form) go(formsAddress(), "replace");
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  go(formsAddress(), "push");
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || link.target || link.origin !== location.origin) return;
  if (link.pathname !== "/" || link.hash) return;
  event.preventDefault();
  go(new URL(link.href), "push");
});

addEventListener("popstate", () => {
  document.querySelector("[data-scroll]")?.scrollTo(0, 0);
  go(new URL(location.href));
});

/** @param {number} step */
function moveInList(step) {
  const rows = /** @type {HTMLElement[]} */ (all(".row"));
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const from = at === -1 ? rows.findIndex((row) => row.ariaCurrent) : at;
  const row = rows[Math.max(0, Math.min(rows.length - 1, from + step))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": () => /** @type {HTMLElement} */ (document.querySelector("#filter")).focus(),
  s: () => /** @type {HTMLElement} */ (document.querySelector("#search")).focus(),
  j: () => moveInList(1),
  k: () => moveInList(-1),
  ArrowDown: () => moveInList(1),
  ArrowUp: () => moveInList(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const field = /** @type {HTMLElement} */ (event.target).closest("input, select");
  if (event.key === "Escape") {
    if (field instanceof HTMLElement) return field.blur();
    return go(new URL("/", location.href), "push");
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
});
