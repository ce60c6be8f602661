// @ts-check

/** Elements whose content is not text that anyone wrote to be read. */
const SILENT = new Set(["script", "style", "template", "svg", "iframe", "noscript"]);

/**
 * The text of a piece of HTML, without its tags. It is made for legibility only (the caller escapes
 * what comes out), and in one pass, so that no input makes it slow.
 *
 * @param {string} html
 */
export function plainText(html) {
  let out = "";
  let silent = "";
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open === -1) break;
    if (!silent) out += html.slice(at, open);
    const comment = html.startsWith("<!--", open);
    const close = html.indexOf(comment ? "-->" : ">", open);
    if (close === -1) return out;
    at = close + (comment ? 3 : 1);
    const tag = /^<(\/?)([a-z][a-z\d-]*)/i.exec(html.slice(open, open + 40));
    if (!tag) continue;
    const name = String(tag[2]).toLowerCase();
    if (silent) silent = tag[1] && name === silent ? "" : silent;
    else if (!tag[1] && SILENT.has(name) && html[close - 1] !== "/") silent = name;
    else if (name === "br" || name === "p" || name === "div") out += " ";
  }
  return silent ? out : out + html.slice(at);
}
