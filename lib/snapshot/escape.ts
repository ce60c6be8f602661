/**
 * Text in HTML.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Most texts have nothing to be replaced. */
const UNSAFE = /[&<>"']/;

/** The text so that it stands for itself, in an element and in an attribute with quotes. */
export function escapeHtml(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
