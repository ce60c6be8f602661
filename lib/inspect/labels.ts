/**
 * What both ways of drawing have in common: the text of a node, and where it stands as a style.
 */
import type { GraphNode, GraphPicture } from "./types.js";

/** The longest line of a label. */
const LONGEST = 60;

/** One line without what cannot be seen, cut to a length. */
function line(text: string): string {
  if (text.length <= LONGEST && /^[\w .,:-]*$/.test(text)) return text;
  /* Halves of characters, controls, and what changes the direction of writing. */
  const plain = text.replace(
    /[\p{Cs}\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu,
    " ",
  );
  const characters = [...plain];
  if (characters.length <= LONGEST) return plain;
  return `${characters.slice(0, LONGEST - 1).join("")}…`;
}

/** What is written down of a node or scope, and nothing that a polluted Object.prototype has. */
function own<T extends object>(described: T): T {
  return Object.assign(Object.create(null), described);
}

/** The lines of a node's label. */
export function linesOf(described: GraphNode): string[] {
  const node = own(described);
  const lines = [line(node.name ?? `${node.kind} ${node.id}`)];
  const about: string[] = [];
  if (node.status !== undefined) about.push(node.status);
  else if (node.state !== "clean") about.push(node.state);
  if (node.kind !== "effect") about.push(`v${node.version}`);
  if (node.runs !== undefined) about.push(`${node.runs} ${node.runs === 1 ? "run" : "runs"}`);
  if (about.length > 0) lines.push(about.join(" · "));
  if (node.value !== undefined) lines.push(line(node.value));
  if (node.error !== undefined) lines.push(line(node.error));
  return lines;
}

/** The name of a scope, for its frame. */
export function titleOf(scope: { readonly name?: string; readonly id: string }): string {
  const { name, id } = own(scope);
  return line(name ?? `scope ${id}`);
}

/** How a node is drawn: that it was touched shows over where it stands. */
export function styleOf(node: GraphNode): "touched" | GraphNode["state"] | null {
  if (own(node).touched === true) return "touched";
  return node.state === "clean" ? null : node.state;
}

/** Colours, light enough for dark text: fill, and line. */
export const COLOURS: Readonly<Record<string, readonly [fill: string, line: string]>> = {
  touched: ["#ffe08a", "#b7791f"],
  dirty: ["#e2e8f0", "#64748b"],
  running: ["#c7d2fe", "#4f46e5"],
  pending: ["#bfdbfe", "#2563eb"],
  error: ["#fecaca", "#dc2626"],
  disposed: ["#f1f5f9", "#94a3b8"],
};

/** Of each node the innermost scope that owns it, itself or through effects. */
export function scopesOf(picture: GraphPicture): Map<string, string> {
  const owners = new Map<string, string | undefined>();
  const scopes = new Set(picture.scopes.map(({ id }) => id));
  for (const described of [...picture.scopes, ...picture.nodes])
    owners.set(described.id, own(described).owner);
  const found = new Map<string, string>();
  for (const { id } of [...picture.scopes, ...picture.nodes]) {
    const way: string[] = [];
    let at: string | undefined = id;
    let scope: string | undefined;
    while (at !== undefined && scope === undefined) {
      way.push(at);
      at = owners.get(at);
      if (at !== undefined) scope = scopes.has(at) ? at : found.get(at);
    }
    if (scope !== undefined)
      for (const passed of way) if (!found.has(passed)) found.set(passed, scope);
  }
  return found;
}
