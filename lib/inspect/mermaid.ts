import { invalidArgument } from "#engine";
import { requireObject, wordOption } from "../core/options.js";
import { drawNodes } from "./frames.js";
import { COLOURS, linesOf, styleOf } from "./labels.js";
import type { GraphNode, GraphNodeKind, GraphPicture } from "./types.js";

/** Options of {@link toMermaid} and {@link toDot}. */
export interface DrawOptions {
  /** Where readers stand: to the right ("LR", default) of what they read, or below it ("TB"). */
  readonly direction?: "LR" | "TB" | undefined;
}

const SHAPES: Readonly<Record<GraphNodeKind, readonly [open: string, close: string]>> = {
  signal: ["([", "])"],
  computed: ["[", "]"],
  effect: ["{{", "}}"],
  resource: ["[(", ")]"],
  stream: ["[/", "/]"],
};

/** Checks a picture, and the options of drawing it. */
export function checkDrawing(picture: GraphPicture, options: unknown): "LR" | "TB" {
  for (const part of ["nodes", "edges", "scopes"] as const)
    if (!Array.isArray(picture?.[part])) throw invalidArgument("picture", "a picture", picture);
  requireObject("options", options);
  return wordOption(options, "direction", ["LR", "TB"], "LR");
}

function entity(character: string): string {
  return `#${character.codePointAt(0)};`;
}

/**
 * Whatever is not a letter, a digit or harmless becomes an entity of Mermaid's, by its number: it neither
 * ends the label, nor is it HTML in the page around it, nor, at the beginning, a list in Markdown.
 */
function escapeLine(text: string): string {
  if (/^[A-Za-z_][\w ]*$/.test(text)) return text;
  return text
    .replace(/[^\p{L}\p{M}\p{N} .,:·…_-]/gu, entity)
    .replace(/^\s*-/, "#45;")
    .replace(/^(\s*\d+)\./, "$1#46;");
}

function quote(lines: readonly string[]): string {
  return `"${lines.map(escapeLine).join("<br/>")}"`;
}

/** An id of a picture that may have come from elsewhere. */
function nameOf(id: string): string {
  return String(id).replace(/\W/gu, "_");
}

function drawNode(node: GraphNode): string {
  const [open, close] = SHAPES[node.kind];
  const style = styleOf(node);
  const text = `${nameOf(node.id)}${open}${quote(linesOf(node))}${close}`;
  return style === null ? text : `${text}:::${style}`;
}

/**
 * Draws a picture in the language of Mermaid, which GitHub and many editors show. An arrow goes from what
 * is read to who reads it; what is on a grey ground is dirty, on yellow touched by the last commit.
 *
 * @param picture Of {@link inspect}. Mermaid itself refuses by default what has more than 500 edges.
 * @param options `direction`.
 * @returns Text that begins with `flowchart`. No name or value can break out of it.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * console.log("```mermaid\n" + toMermaid(inspect()) + "```");
 */
export function toMermaid(picture: GraphPicture, options: DrawOptions = {}): string {
  const direction = checkDrawing(picture, options);
  const styles = new Set(picture.nodes.map(styleOf));
  const lines = [
    `flowchart ${direction}`,
    ...drawNodes(picture, {
      node: drawNode,
      open: (id, title) => `subgraph ${nameOf(id)}[${quote([title])}]`,
      close: "end",
    }),
    ...picture.edges.map(({ from, to }) => `  ${nameOf(from)} --> ${nameOf(to)}`),
    ...Object.entries(COLOURS)
      .filter(([name]) => styles.has(name as GraphNode["state"]))
      .map(
        ([name, [fill, stroke]]) => `  classDef ${name} fill:${fill},stroke:${stroke},color:#111`,
      ),
  ];
  return `${lines.join("\n")}\n`;
}
