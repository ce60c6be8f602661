/**
 * Frames: the nodes of a picture, by the scopes in which they are drawn.
 */
import { scopesOf, titleOf } from "./labels.js";
import type { GraphNode, GraphPicture } from "./types.js";

/** How a frame begins and ends in a language. */
export interface Language {
  readonly node: (node: GraphNode) => string;
  readonly open: (id: string, title: string) => string;
  readonly close: string;
}

/** The lines that draw all nodes, each in the frame of its scope; a frame inside another is indented. */
export function drawNodes(picture: GraphPicture, language: Language): string[] {
  const scopes = scopesOf(picture);
  const inside = new Map<string | undefined, { nodes: GraphNode[]; frames: string[] }>();
  const frameOf = (id: string | undefined) => {
    let frame = inside.get(id);
    if (frame === undefined) {
      frame = { nodes: [], frames: [] };
      inside.set(id, frame);
    }
    return frame;
  };
  for (const { id } of picture.scopes) frameOf(scopes.get(id)).frames.push(id);
  for (const node of picture.nodes) frameOf(scopes.get(node.id)).nodes.push(node);
  const titles = new Map(picture.scopes.map((scope) => [scope.id, titleOf(scope)]));
  const lines: string[] = [];
  /* A stack, as scopes may be nested deeper than calls. A string closes a frame. */
  const stack: { id: string | undefined; depth: number; closes: boolean }[] = [
    { id: undefined, depth: 1, closes: false },
  ];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const { id, depth, closes } = step;
    const indent = "  ".repeat(Math.min(depth, 20));
    if (closes) {
      lines.push(indent.slice(2) + language.close);
      continue;
    }
    const { nodes, frames } = frameOf(id);
    if (id !== undefined) {
      lines.push(indent.slice(2) + language.open(id, titles.get(id) as string));
      stack.push({ id, depth, closes: true });
    }
    for (const node of nodes) lines.push(indent + language.node(node));
    for (const frame of [...frames].reverse())
      stack.push({ id: frame, depth: depth + 1, closes: false });
  }
  return lines;
}
