/**
 * Documents as JSON. The text is safe inside of HTML: what could end a script element, or a line of a
 * script, is escaped, and reads back as it was.
 */
import { invalidArgument, SnapshotError } from "#engine";
import { isMade, markMade, readDocument, writtenJson } from "./document.js";
import { limitsOf, requireWithin, type SnapshotLimits } from "./limits.js";
import type { SnapshotDocument } from "./types.js";

const UNSAFE = ["<", ">", "&", "\u2028", "\u2029"];
const ALL_UNSAFE = /[<>&\u2028\u2029]/g;

/** In JSON these stand in strings only, where each may be written by its number. */
function escapeOne(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function write(document: SnapshotDocument): string {
  if (!isMade(document)) readDocument(document, false);
  try {
    return writtenJson(document) ?? JSON.stringify(document);
  } catch {
    /* It was changed since it was made; this says where. */
    readDocument(document, false);
    throw new SnapshotError("ERR_SK_SNAPSHOT_INVALID", "Snapshot document cannot be written");
  }
}

/**
 * Writes a document as JSON. `<`, `>`, `&`, U+2028 and U+2029 are escaped. Negative zero becomes 0, as
 * everywhere in JSON.
 *
 * @throws SnapshotError when it is no document.
 * @example
 * await writeFile("state.json", encodeJsonSnapshot(captureSnapshot(scope)));
 */
export function encodeJsonSnapshot(document: SnapshotDocument): string {
  const text = write(document);
  /* Each is looked for by itself: that is several times as fast as one expression for all. */
  const isUnsafe = UNSAFE.some((character) => text.includes(character));
  return isUnsafe ? text.replace(ALL_UNSAFE, escapeOne) : text;
}

/**
 * Reads a document from JSON. Nothing in it runs, and no key changes a prototype.
 *
 * @param limits How large it may be.
 * @throws SnapshotError for what is no JSON, no document, or too large; TypeError (`ERR_SK_INVALID_ARG`)
 *   for what is no text.
 * @example
 * const document = decodeJsonSnapshot(await request.text(), { maxLength: 1_000_000 });
 */
export function decodeJsonSnapshot(text: string, limits?: SnapshotLimits): SnapshotDocument {
  if (typeof text !== "string") throw invalidArgument("text", "a string", text);
  const checked = limitsOf(limits);
  requireWithin("characters", text.length, checked.maxLength);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    /* The platform's message quotes the text. */
    throw new SnapshotError("ERR_SK_SNAPSHOT_INVALID", "Snapshot text is not JSON", "$");
  }
  return markMade(readDocument(value, false, checked));
}
