// @ts-check
import { count, formatBytes, nameAndVersion } from "../format.js";
import { linkTo } from "../graph/address.js";
import { html } from "./html.js";
import { bar, section } from "./parts.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Package } from "../graph/source.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

const TOP = 10;

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function overview(catalogue, session) {
  const address = session.address();
  const problems = catalogue.problems();
  const duplicates = catalogue.duplicates();
  const largest = catalogue.largest().slice(0, TOP);
  const licences = catalogue.licences().slice(0, TOP);
  const most = licences[0]?.packages ?? 0;
  const bytes = (/** @type {Package | undefined} */ one) => (one && catalogue.bytes(one.id)) ?? 0;

  return html`<header class="headline"><h2>Overview</h2></header>
<div class="columns">
${section(
  "Largest",
  html`<ol class="bars">${largest.map(
    (
      one,
    ) => html`<li><a href="${linkTo(address, { package: one.id })}" data-key="largest ${one.id}">${nameAndVersion(one)}</a>
    <span class="size">${formatBytes(catalogue.bytes(one.id))}</span>${bar(bytes(one), bytes(largest[0]))}</li>`,
  )}</ol>`,
)}
${section(
  "Licences",
  html`<ol class="bars">${licences.map(
    ({
      licence,
      packages,
    }) => html`<li><a href="${linkTo(address, { licence })}" data-key="licences ${licence}">${licence}</a>
    <span class="size">${packages}</span>${bar(packages, most)}</li>`,
  )}</ol>`,
)}
</div>
${
  duplicates.length > 0 &&
  section(
    "Duplicates",
    html`<ul class="links">${duplicates.slice(0, 2 * TOP).map(({ name, versions }) => {
      const [id] = [...versions.values()][0] ?? [];
      return html`<li><a href="${linkTo(address, { package: id ?? "", show: "duplicates" })}" data-key="dup ${name}">${name}</a>
      <small>${[...versions.keys()].join(", ")}</small></li>`;
    })}</ul>`,
    count(duplicates.length, "name"),
  )
}
${
  problems.length > 0 &&
  section(
    "Problems",
    html`<ul class="problems">${problems
      .slice(0, 5 * TOP)
      .map(
        ({ id, message }, at) =>
          html`<li>${
            catalogue.find(id)
              ? html`<a href="${linkTo(address, { package: id })}" data-key="problem ${at}">${id}</a>`
              : html`<span>${id}</span>`
          } <small>${message}</small></li>`,
      )}</ul>`,
    String(problems.length),
  )
}`;
}
