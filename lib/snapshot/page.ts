/**
 * The document of the page that a user interface is in.
 */
import { fromScript, type ScriptElement } from "./html.js";
import type { SnapshotDocument } from "./types.js";
import { SCRIPT_ID } from "./wire.js";

interface Page {
  getElementById(id: string): ScriptElement | null;
}

const read = new WeakMap<ScriptElement, SnapshotDocument>();

/** Whether this is a page, and not a server. */
export function isPage(): boolean {
  return (globalThis as { document?: Page }).document !== undefined;
}

/** The script element of an id that `toScript` has written, or null when there is none. */
export function scriptOf(id: string = SCRIPT_ID): ScriptElement | null {
  const { document } = globalThis as { document?: Page };
  return document?.getElementById(id) ?? null;
}

/**
 * What such an element holds: the same document each time.
 *
 * @throws SnapshotError when it is no document.
 */
export function documentOf(element: ScriptElement): SnapshotDocument {
  let document = read.get(element);
  if (document === undefined) {
    document = fromScript(element);
    read.set(element, document);
  }
  return document;
}
