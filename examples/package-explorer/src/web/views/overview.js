// @ts-check
import { count, formatBytes, nameAndVersion } from "../../format.js";
import { linkTo } from "../address.js";
import { html } from "../html.js";
import { bar, section } from "./parts.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { Explorer } from "../../graph/explorer.js"
 */

const TOP = 10;

/**
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function overview(explorer, session) {
  const address = session.address();
  const problems = explorer.problems();
  const duplicates = explorer.duplicates();
  const largest = explorer.largest().slice(0, TOP);
  const licences = explorer.licences().slice(0, TOP);
  const most = licences[0]?.packages ?? 0;
  const { records } = explorer.world();

  return html`<header class="headline"><h2>Overview</h2></header>
<div class="columns">
${section(
  "Largest",
  html`<ol class="bars">${largest.map(
    (
      cell,
    ) => html`<li><a href="${linkTo(address, { package: cell.id })}" data-key="largest ${cell.id}">${nameAndVersion(cell.record)}</a>
    <span class="size">${formatBytes(cell.bytes())}</span>${bar(cell.bytes() ?? 0, largest[0]?.bytes() ?? 0)}</li>`,
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
            records.has(id)
              ? html`<a href="${linkTo(address, { package: id })}" data-key="problem ${at}">${id}</a>`
              : html`<span>${id}</span>`
          } <small>${message}</small></li>`,
      )}</ul>`,
    String(problems.length),
  )
}`;
}
