// @ts-check
import { inspect, observeCommits } from "@signal-kernel/native/inspect";
import { createGraph, takeOver } from "../browser/graph.js";
import { bindFields, showConnection } from "../plain/fields.js";
import { html } from "../plain/html.js";
import { showRegion } from "../plain/region.js";
import { describe, draw, shapeOf } from "./drawing.js";
import { REGIONS } from "./page.js";
import { followViews } from "./views.js";

/**
 * @import { Commit, GraphPicture } from "@signal-kernel/native/inspect"
 */

/** How many commits are listed. */
const LISTED = 12;

const graph = await createGraph();
const { scope, catalogue, session, connection, start, goLive } = graph;
await takeOver(graph);
start();

const drawing = /** @type {HTMLElement} */ (document.querySelector("[data-drawing]"));
const list = /** @type {HTMLElement} */ (document.querySelector("[data-commits]"));

scope.run(() => {
  showConnection(connection);
  bindFields(session);
  for (const [name, view] of Object.entries(REGIONS)) {
    const element = document.querySelector(`[data-region="${name}"]`);
    if (element) showRegion(element, name, () => view(catalogue, session).html);
  }
  followViews(catalogue, session, (name, text) => {
    const element = document.querySelector(`[data-view="${name}"]`);
    if (element && element.textContent !== text) element.textContent = text;
  });
});

/** @type {Commit[]} those since the last frame, oldest first */
let commits = [];
let shape = "";
const observer = observeCommits((commit) => {
  // A burst of commits is drawn once.
  if (commits.push(commit) === 1) requestAnimationFrame(show);
});
show();
goLive();

/** Draws the graph as it is, and what the commits since the last time were about. */
function show() {
  const picture = inspect(scope, { commits: observer });
  if (shapeOf(picture) !== shape) {
    shape = shapeOf(picture);
    drawing.innerHTML = draw(picture).html;
  }
  const latest = commits;
  commits = [];
  if (latest.length === 0) return;
  highlight(picture, latest);
  const names = new Map(picture.nodes.map(({ id, kind, name = kind }) => [id, name]));
  const lines = latest.toReversed().map((commit) => describe(commit, names));
  list.querySelector(".empty")?.remove();
  list.insertAdjacentHTML("afterbegin", html`${lines}`.html);
  while (list.children.length > LISTED) list.lastElementChild?.remove();
}

/**
 * Marks what the commits have written, evaluated and run, and the edges along which that went.
 *
 * @param {GraphPicture} picture
 * @param {Commit[]} latest
 */
function highlight({ nodes }, latest) {
  const of = (/** @type {(commit: Commit) => readonly string[]} */ ids) =>
    new Set(latest.flatMap(ids));
  const touched = of(({ written, evaluated, ran }) => [...written, ...evaluated, ...ran]);
  const changed = of(({ written, changed }) => [...written, ...changed]);
  for (const { id, kind, state, status } of nodes) {
    const element = drawing.querySelector(`[data-node="${id}"]`);
    if (!element) continue;
    const classes = ["node", kind, state];
    if (touched.has(id)) classes.push(changed.has(id) ? "touched changed" : "touched");
    element.setAttribute("class", classes.join(" "));
    const line = element.querySelector(".version");
    const text = status ? `${kind} · ${status}` : kind;
    if (line && line.textContent !== text) line.textContent = text;
  }
  for (const path of drawing.querySelectorAll("[data-from]")) {
    const { from = "", to = "" } = /** @type {SVGElement} */ (path).dataset;
    path.classList.toggle("hot", changed.has(from) && touched.has(to));
  }
}
