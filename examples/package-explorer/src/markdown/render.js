// @ts-check
import { Marked } from "marked";
import { escapeHtml, html, trusted } from "../plain/html.js";
import { limitParagraphs } from "./limit.js";
import { safeLink } from "./links.js";
import { plainText } from "./plain.js";

/**
 * Renders Markdown that nobody here wrote. `marked` reads it; every tag that leaves this file is
 * written in this file, and every text in it passes through `escapeHtml`. HTML inside the Markdown is
 * reduced to its text, images to their description: the page loads nothing from elsewhere.
 *
 * @import { RendererObject } from "marked"
 * @import { Safe } from "../plain/html.js"
 */

/** @type {RendererObject} */
const renderer = {
  html: ({ text }) => escapeHtml(plainText(text)),
  text(token) {
    if ("tokens" in token && token.tokens) return this.parser.parseInline(token.tokens);
    return escapeText(token.text);
  },
  codespan: ({ text }) => `<code>${escapeHtml(text)}</code>`,
  code: ({ text }) => `<pre><code>${escapeHtml(text)}</code></pre>\n`,
  heading({ tokens, depth }) {
    // The page's own headings end at h2, so the README's begin below them.
    const tag = `h${Math.min(depth + 2, 6)}`;
    return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>\n`;
  },
  link({ href, tokens }) {
    const text = this.parser.parseInline(tokens);
    const target = safeLink(href);
    if (!target) return `<span>${text}</span>`;
    return `<a href="${escapeHtml(target)}" target="_blank" rel="noopener noreferrer">${text}</a>`;
  },
  image: ({ text }) => (text ? `<span class="image">${escapeHtml(text)}</span>` : ""),
  checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
};

const marked = new Marked({ gfm: true, renderer });

/**
 * @param {string} markdown
 * @param {{ cut?: boolean }} [options] `cut`: the text was longer and ends too early
 * @returns {Generator<Safe>} block by block, so that the first can be seen before the last is done
 */
export function* renderBlocks(markdown, { cut = false } = {}) {
  for (const token of marked.lexer(limitParagraphs(markdown))) {
    const block = marked.parser([token]).trim();
    if (block !== "") yield trusted(token.type === "html" ? `<p>${block}</p>` : block);
  }
  if (cut) yield html`<p class="note">The rest of this file is not shown: it is very long.</p>`;
}

/**
 * Markdown may hold character references (`&copy;`): those stay, all else is escaped.
 *
 * @param {string} text
 */
function escapeText(text) {
  return escapeHtml(text).replace(/&amp;(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi, "&$1;");
}
