// @ts-check

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/**
 * The address as the browser will understand it, or undefined: only absolute links to the web lead
 * anywhere from here. A relative one would lead into this server, `javascript:` into the page.
 *
 * @param {string} href
 * @returns {string | undefined}
 */
export function safeLink(href) {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return ALLOWED.has(url.protocol) ? url.href : undefined;
}
