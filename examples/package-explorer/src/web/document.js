// @ts-check
import { html, trusted } from "../plain/html.js";

/**
 * @typedef {object} Parts
 * @property {string} title
 * @property {string[]} scripts addresses: the page's own, and what it imports
 * @property {boolean} isWorking whether there is more to come: without JavaScript the page loads again
 * @property {string} body safe HTML
 */

/** @param {Parts} parts */
export function documentOf({ title, scripts: [script, ...imports], isWorking, body }) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="The packages installed under a node_modules folder: who needs whom, what takes the space, under which licence.">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${imports.map((address) => html`<link rel="modulepreload" href="${address}">\n`)}<script src="${script}" type="module"></script>
${isWorking && html`<noscript><meta http-equiv="refresh" content="2"></noscript>`}
</head>
<body>
${trusted(body)}
</body>
</html>
`.html;
}
