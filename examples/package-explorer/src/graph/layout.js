// @ts-check
import { Graph, layout } from "@dagrejs/dagre";

/**
 * @import { Neighbourhood } from "./neighbourhood.js"
 * @import { Package } from "./source.js"
 *
 * @typedef {object} Box
 * @property {string} id
 * @property {"user" | "selected" | "needed"} role
 * @property {string} label as much of the name as fits
 * @property {string} name all of it
 * @property {string} version
 * @property {number} hidden
 * @property {number} x its centre
 * @property {number} y
 * @property {number} width
 * @property {number} height
 *
 * @typedef {{ x: number, y: number }} Place
 * @typedef {{ from: string, to: string, path: string }} Arrow `path`: the d attribute of an SVG path
 * @typedef {{ width: number, height: number, boxes: Box[], arrows: Arrow[] }} Picture
 */

/** All boxes are alike: columns are easier to read than what is as wide as its text. */
const BOX = { width: 164, height: 40 };
const LONGEST_LABEL = 20;
const MARGIN = 10;

/**
 * Gives each package of a neighbourhood a place: users on the left, what is needed on the right. The
 * layout is dagre's (Sugiyama's method, with the network simplex for ranks and positions by Brandes and
 * Köpf), and the same on both sides: numbers are rounded, so that server and browser draw one picture.
 *
 * @param {Neighbourhood} neighbourhood
 * @param {(id: string) => Package | undefined} find
 * @returns {Picture}
 */
export function layOut({ nodes, edges }, find) {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 9, ranksep: 46, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));

  const boxes = nodes.map(({ id, role, hidden }) => {
    const name = find(id)?.label ?? id;
    const version = find(id)?.version ?? "";
    const label = name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name;
    graph.setNode(id, { ...BOX });
    return { id, role, label, name, version, hidden, ...BOX };
  });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  /** @type {(id: string) => Place} */
  const placeOf = (id) => {
    const { x, y } = graph.node(id);
    return { x: Math.round(x), y: Math.round(y) };
  };

  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: boxes.map((box) => ({ ...box, ...placeOf(box.id) })),
    arrows: edges.map(({ from, to }) => ({ from, to, path: curve(placeOf(from), placeOf(to)) })),
  };
}

/**
 * A curve from the right side of one box to the left side of another.
 *
 * @param {Place} from
 * @param {Place} to
 */
function curve(from, to) {
  const [x1, x2] = [from.x + BOX.width / 2, to.x - BOX.width / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${from.y} C${middle} ${from.y} ${middle} ${to.y} ${x2} ${to.y}`;
}
