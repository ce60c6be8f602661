import { drawNodes } from "./frames.js";
import { COLOURS, linesOf, styleOf } from "./labels.js";
import { checkDrawing, type DrawOptions } from "./mermaid.js";
import type { GraphNode, GraphNodeKind, GraphPicture } from "./types.js";

const SHAPES: Readonly<Record<GraphNodeKind, string>> = {
  signal: "ellipse",
  computed: "box",
  effect: "hexagon",
  resource: "cylinder",
  stream: "parallelogram",
};

/** In a label Graphviz reads escapes and the entities of HTML. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replace(/[\\"&<>]/g, (character) => ESCAPES[character] as string),
  );
  return `"${escaped.join("\\n")}"`;
}

function drawNode(node: GraphNode): string {
  const colours = COLOURS[styleOf(node) ?? ""];
  const style = colours === undefined ? "" : `, fillcolor="${colours[0]}", color="${colours[1]}"`;
  return `${quote([node.id])} [label=${quote(linesOf(node))}, shape=${SHAPES[node.kind]}${style}];`;
}

/**
 * Draws a picture in the language of Graphviz.
 *
 * @param picture Of {@link inspect}.
 * @param options `direction`.
 * @returns Text that begins with `digraph`. No name or value can break out of it.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * writeFileSync("graph.dot", toDot(inspect())); // dot -Tsvg graph.dot > graph.svg
 */
export function toDot(picture: GraphPicture, options: DrawOptions = {}): string {
  const direction = checkDrawing(picture, options);
  const lines = [
    "digraph graph_of_signals {",
    `  rankdir=${direction};`,
    '  node [fontname="sans-serif", style=filled, fillcolor="#ffffff"];',
    ...drawNodes(picture, {
      node: drawNode,
      open: (id, title) => `subgraph ${quote([`cluster_${id}`])} { label=${quote([title])};`,
      close: "}",
    }),
    ...picture.edges.map(({ from, to }) => `  ${quote([from])} -> ${quote([to])};`),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}
