/**
 * HTML by template: what stands in a template is HTML, what is put into it is text, and shown as text.
 */
import { invalidArgument } from "#engine";
import { type Hole, holesOf } from "./holes.js";
import type { Slot } from "./slot.js";

/** The two module formats have their own copy of these classes, and know each other's by the key. */
const PARTS: unique symbol = Symbol.for("@signal-kernel/html") as never;
/** The key of what tells a slot. */
export const SLOT: unique symbol = Symbol.for("@signal-kernel/slot") as never;

/**
 * What may stand in a template. Text and numbers are escaped; null, undefined and booleans show nothing;
 * lists show their items. A function is called when the page is written, which is after the wait when
 * there is one.
 */
export type HtmlValue =
  | Html
  | Slot
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Iterable<HtmlValue>
  | (() => HtmlValue);

/** A value that is asked for when the page is written. */
export interface Deferred {
  readonly read: () => HtmlValue;
  readonly hole: Hole;
}

/** HTML, what becomes HTML, and what becomes HTML later. */
export type Part = string | Deferred | Slot;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const UNSAFE = /[&<>"']/;

function escapeText(text: string): string {
  return UNSAFE.test(text)
    ? text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
    : text;
}

export function isSlot(value: unknown): value is Slot {
  return typeof value === "object" && value !== null && SLOT in value;
}

/** HTML that is vouched for: by its template, or by {@link rawHtml}. */
export class Html {
  readonly [PARTS]: readonly Part[];

  constructor(parts: readonly Part[]) {
    this[PARTS] = parts;
  }

  /**
   * The HTML as text. Functions in it are called.
   *
   * @throws TypeError (`ERR_SK_INVALID_ARG`) when there is a slot in it, which only a page can show.
   */
  toString(): string {
    const parts = flatten(this);
    const slot = parts.find(isSlot);
    if (slot !== undefined) throw invalidArgument("html", "HTML without slots", slot);
    return parts.join("");
  }
}

export function isHtml(value: unknown): value is Html {
  return typeof value === "object" && value !== null && PARTS in value;
}

/** Adds a part; text behind text becomes one. */
function push(parts: Part[], part: Part): void {
  const last = parts.length - 1;
  if (typeof part === "string" && typeof parts[last] === "string")
    parts[last] = (parts[last] as string) + part;
  else if (part !== "") parts.push(part);
}

const HERE: Readonly<Record<Exclude<Hole, "text">, string>> = {
  quoted: "text or html`...`; a slot stands in an element",
  closed: "html`...` or rawHtml(...): here, outside of quotes and elements, no text is safe",
};

/** Adds what a value shows where it stands. */
function add(parts: Part[], value: unknown, hole: Hole): void {
  if (value === null || value === undefined || typeof value === "boolean" || value === "") return;
  if (isHtml(value)) {
    for (const part of value[PARTS]) {
      if (hole !== "text" && isSlot(part)) throw invalidArgument("value", HERE[hole], part);
      push(parts, part);
    }
  } else if (typeof value === "function") push(parts, { read: value as () => HtmlValue, hole });
  else if (typeof value === "object" && Symbol.iterator in value)
    for (const item of value as Iterable<unknown>) add(parts, item, hole);
  else if (isSlot(value) && hole === "text") push(parts, value);
  else if (hole !== "closed" && typeof value !== "object" && typeof value !== "symbol")
    push(parts, escapeText(String(value)));
  else throw invalidArgument("value", hole === "text" ? "what HTML can show" : HERE[hole], value);
}

/**
 * A template of HTML. Values are escaped where they stand, in elements and in attributes with quotes;
 * elsewhere - names, attributes without quotes, scripts, styles, comments, attributes like `onclick` -
 * text is refused. An address is not looked at: `href="${url}"` must not be of a stranger's `javascript:`.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for what HTML cannot show, or not there.
 * @example
 * html`<li class="${kind}">${name}</li>`; // the name may be "<script>"
 * html`<ul>${names.map((name) => html`<li>${name}</li>`)}</ul>`;
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const holes = holesOf(strings);
  const parts: Part[] = [];
  strings.forEach((text, index) => {
    push(parts, text);
    if (index < values.length) add(parts, values[index], holes[index] as Hole);
  });
  return new Html(parts);
}

/**
 * Vouches for HTML that was made elsewhere. Nothing in it is escaped.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is no text.
 * @example
 * html`<main>${rawHtml(renderToString(app))}</main>`;
 */
export function rawHtml(text: string): Html {
  if (typeof text !== "string") throw invalidArgument("text", "a string", text);
  return new Html([text]);
}

/**
 * Calls the functions in what is to be shown, until there is only text, and slots.
 *
 * @throws What the functions throw; TypeError for what HTML cannot show.
 */
export function flatten(value: unknown): (string | Slot)[] {
  const result: (string | Slot)[] = [];
  const parts: Part[] = [];
  add(parts, value, "text");
  for (const part of parts) {
    if (typeof part === "string" || isSlot(part)) push(result, part);
    else for (const inner of flattenAt(part)) push(result, inner);
  }
  return result;
}

function flattenAt({ read, hole }: Deferred): (string | Slot)[] {
  const parts: Part[] = [];
  add(parts, read(), hole);
  return flatten(new Html(parts));
}
