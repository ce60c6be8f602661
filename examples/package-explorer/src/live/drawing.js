// @ts-check
import { Graph, layout } from "@dagrejs/dagre";
import { html } from "../plain/html.js";

/**
 * @import { Commit, GraphNode, GraphPicture } from "@signal-kernel/native/inspect"
 * @import { Safe } from "../plain/html.js"
 * @typedef {{ x: number, y: number }} Point
 */

const BOX = { width: 148, height: 34 };
const LONGEST_LABEL = 20;

/**
 * What two pictures have in common when they can be drawn with the same lines.
 *
 * @param {GraphPicture} picture
 */
export const shapeOf = ({ nodes, edges }) =>
  [...nodes.map(({ id }) => id), ...edges.map(({ from, to }) => `${from}>${to}`)].join();

/**
 * Draws a picture of the reactive graph: what is written on the left, effects on the right.
 *
 * @param {GraphPicture} picture
 * @returns {Safe}
 */
export function draw({ nodes, edges }) {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 7, ranksep: 40, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...BOX });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  /** @type {(from: string, to: string) => string} */
  const line = (from, to) => {
    // The first and the last point are where dagre would leave and enter the boxes.
    const between = graph.edge(from, to).points.slice(1, -1);
    return lineBetween(graph.node(from), between.length > 1 ? between : [], graph.node(to));
  };

  return html`<svg class="reactive" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}">
<g class="arrows">${edges.map(
    ({ from, to }) => html`<path d="${line(from, to)}" data-from="${from}" data-to="${to}"/>`,
  )}</g>
${nodes.map((node) => drawNode(node, graph.node(node.id)))}
</svg>`;
}

/**
 * @param {GraphNode} node
 * @param {{ x: number, y: number }} place
 */
function drawNode({ id, kind, name = kind, state, status, version }, place) {
  const [left, top] = [Math.round(place.x - BOX.width / 2), Math.round(place.y - BOX.height / 2)];
  const label = name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name;
  return html`<g class="node ${kind} ${state}" data-node="${id}"><title>${kind} ${name}: ${status ?? state}, version ${version}</title>
<rect x="${left}" y="${top}" width="${BOX.width}" height="${BOX.height}" rx="${kind === "effect" ? BOX.height / 2 : 7}"/>
<text x="${left + 12}" y="${top + 15}">${label}</text>
<text class="version" x="${left + 12}" y="${top + 28}">${kind}${status && ` · ${status}`}</text></g>`;
}

/**
 * A line from the right side of one box to the left side of another, level wherever it passes a column.
 *
 * @param {Point} from
 * @param {Array<Point>} between where it passes the columns in between
 * @param {Point} to
 */
function lineBetween(from, between, to) {
  const start = { x: from.x + BOX.width / 2, y: from.y };
  const points = [...between, { x: to.x - BOX.width / 2, y: to.y }];
  let path = `M${round(start)}`;
  let last = start;
  for (const point of points) {
    const middle = (last.x + point.x) / 2;
    path += ` C${round({ x: middle, y: last.y })} ${round({ x: middle, y: point.y })} ${round(point)}`;
    last = point;
  }
  return path;
}

/** @param {Point} point */
const round = ({ x, y }) => `${Math.round(x)} ${Math.round(y)}`;

/**
 * What a commit was about, in a line.
 *
 * @param {Commit} commit
 * @param {ReadonlyMap<string, string>} names
 */
export function describe({ number, written, evaluated, changed, ran }, names) {
  const list = (/** @type {readonly string[]} */ ids) =>
    ids.map((id) => names.get(id) ?? id).join(", ");
  return html`<li><b>#${number}</b> <span class="written">${list(written) || "nothing"}</span> written${
    evaluated.length > 0 &&
    html`; <span class="evaluated">${list(evaluated)}</span> evaluated, ${changed.length} of ${evaluated.length} changed`
  }${ran.length > 0 && html`; <span class="ran">${list(ran)}</span> ran`}</li>`;
}
