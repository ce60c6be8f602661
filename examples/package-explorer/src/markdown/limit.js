// @ts-check

const LONGEST = 8 * 1024;

/**
 * Ends every paragraph that no person would have written. The time it takes to read one grows with
 * the square of its length: without this, a file of asterisks could keep the server busy for long.
 *
 * @param {string} markdown
 */
export function limitParagraphs(markdown) {
  /** @type {string[]} */
  const lines = [];
  let length = 0;
  for (const line of markdown.split("\n")) {
    for (let at = 0; at === 0 || at < line.length; at += LONGEST) {
      const part = line.slice(at, at + LONGEST);
      length = part.trim() === "" ? 0 : length + part.length;
      if (length > LONGEST) {
        lines.push("");
        length = part.length;
      }
      lines.push(part);
    }
  }
  return lines.join("\n");
}
