/**
 * Documents in a page.
 */
import { invalidArgument } from "#engine";
import { ownOption, requireObject } from "../core/options.js";
import { decodeJsonSnapshot, encodeJsonSnapshot } from "./codec.js";
import { escapeHtml } from "./escape.js";
import type { SnapshotLimits } from "./limits.js";
import type { SnapshotDocument } from "./types.js";
import { LATER_ATTRIBUTE, SCRIPT_ID } from "./wire.js";

/** Options of {@link toScript}. */
export interface ScriptOptions {
  /** For a Content-Security-Policy that asks for one. */
  readonly nonce?: string | undefined;
  /** The element's id. Default "signal-kernel-snapshot". */
  readonly id?: string | undefined;
}

/** The part of a script element that {@link fromScript} reads. */
export interface ScriptElement {
  readonly textContent: string | null;
}

export function attribute(name: string, value: unknown): string {
  if (value === undefined) return "";
  if (typeof value !== "string") throw invalidArgument(`options.${name}`, "a string", value);
  return ` ${name}="${escapeHtml(value)}"`;
}

/**
 * Writes a document as a script element that holds data, and runs nothing. No value can end it, or
 * begin a comment in it.
 *
 * @throws SnapshotError when it is no document; TypeError (`ERR_SK_INVALID_ARG`) for bad options.
 * @example
 * response.end(`<body>${html}${toScript(captureSnapshot(scope), { nonce })}</body>`);
 */
export function toScript(document: SnapshotDocument, options: ScriptOptions = {}): string {
  requireObject("options", options);
  const id = attribute("id", ownOption(options, "id") ?? SCRIPT_ID);
  const nonce = attribute("nonce", ownOption(options, "nonce"));
  return `<script type="application/json"${id}${nonce}>${encodeJsonSnapshot(document)}</script>`;
}

/** Writes a document that follows the first one, and that comes with some slots. */
export function toLaterScript(
  document: SnapshotDocument,
  slots: readonly number[],
  nonceText: string | undefined,
): string {
  const name = attribute(LATER_ATTRIBUTE, slots.join(" "));
  const nonce = attribute("nonce", nonceText);
  return `<script type="application/json"${name}${nonce}>${encodeJsonSnapshot(document)}</script>`;
}

/**
 * Reads back what {@link toScript} has written: the element, its text, or the text with the tags.
 *
 * @throws SnapshotError as `decodeJsonSnapshot`; TypeError (`ERR_SK_INVALID_ARG`) for something else.
 * @example
 * const element = document.getElementById("signal-kernel-snapshot");
 * if (element !== null) restoreSnapshot(scope, fromScript(element));
 */
export function fromScript(
  source: string | ScriptElement,
  limits?: SnapshotLimits,
): SnapshotDocument {
  const text = typeof source === "object" && source !== null ? source.textContent : source;
  if (typeof text !== "string") throw invalidArgument("source", "a script element or text", source);
  /* In the tags and in the text every other < and > is escaped. */
  const inner = /^\s*<script[^>]*>([^<]*)<\/script>\s*$/i.exec(text);
  return decodeJsonSnapshot(inner === null ? text : (inner[1] as string), limits);
}
