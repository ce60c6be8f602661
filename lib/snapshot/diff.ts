/**
 * How two documents differ.
 */
import { readDocument } from "./document.js";
import type {
  JsonValue,
  SnapshotDiff,
  SnapshotDiffEntry,
  SnapshotDocument,
  SnapshotNode,
} from "./types.js";

type Plain = Record<string, JsonValue>;

/** Both are plain data, and no deeper than that may be. The order of keys does not count. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSame(item, b[index]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSame((a as Plain)[key], (b as Plain)[key]));
}

function byId(document: SnapshotDocument): Map<string, SnapshotNode> {
  return new Map(document.nodes.map((node) => [node.id, node]));
}

/**
 * Tells which nodes were added, changed and removed between two documents. It says nothing of how to
 * merge them.
 *
 * @throws SnapshotError when one of them is no document.
 * @example
 * const { changed } = diffSnapshots(before, captureSnapshot(scope));
 * for (const { id, after } of changed) console.log(id, after);
 */
export function diffSnapshots(before: SnapshotDocument, after: SnapshotDocument): SnapshotDiff {
  const old = byId(readDocument(before, false));
  const now = byId(readDocument(after, false));
  const diff: SnapshotDiff = { added: [], changed: [], removed: [] };
  for (const [id, node] of now) {
    const previous = old.get(id);
    const entry: SnapshotDiffEntry = { id, kind: node.kind, after: node };
    if (previous === undefined) diff.added.push(entry);
    else if (!isSame(previous, node)) diff.changed.push({ ...entry, before: previous });
  }
  for (const [id, node] of old)
    if (!now.has(id)) diff.removed.push({ id, kind: node.kind, before: node });
  return diff;
}
