// @ts-check
import { html } from "../plain/html.js";

/**
 * @typedef {object} Head
 * @property {string} title
 * @property {string[]} scripts addresses: the page's own, and what it imports
 * @property {boolean} isAsync whether the script starts before all of the page is there
 * @property {boolean} isWorking whether there is more to come: without JavaScript the page loads again
 * @property {string} server its id
 */

/**
 * The beginning of a document, up to its body.
 *
 * @param {Head} head
 */
export const headOf = ({ title, scripts: [script, ...imports], isAsync, isWorking, server }) =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="The packages installed under a node_modules folder: who needs whom, what takes the space, under which licence.">
<meta name="server" content="${server}">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${imports.map((address) => html`<link rel="modulepreload" href="${address}">\n`)}<script src="${script}" type="module"${isAsync && html` async`}></script>
${isWorking && html`<noscript><meta http-equiv="refresh" content="2"></noscript>`}
</head>
<body>
`.html;

export const bodyEnd = "</body>\n</html>\n";
