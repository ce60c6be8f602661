// @ts-check

import { count, formatBytes } from "../../format.js";
import { reachable } from "../../graph/resolve.js";
import { safeLink } from "../../markdown/links.js";
import { linkTo } from "../address.js";
import { html } from "../html.js";
import { integrityBlock } from "./integrity.js";
import { overview } from "./overview.js";
import { section } from "./parts.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { PackageCell } from "../../graph/cells.js"
 * @import { Explorer } from "../../graph/explorer.js"
 */

/**
 * The selected package, or the whole when none is.
 *
 * @param {Explorer} explorer
 * @param {Session} session
 */
export function detail(explorer, session) {
  const cell = session.selected();
  if (!cell) {
    const wanted = session.address().package;
    const scanning = explorer.phase() === "scanning";
    if (wanted === "") return overview(explorer, session);
    return html`<p class="empty">${scanning ? "Reading the packages…" : html`There is no package at <code>${wanted}</code>.`}</p>`;
  }
  const { record } = cell;
  const problems = explorer.problems().filter(({ id }) => id === cell.id);

  return html`<header class="headline">
  <h2>${record.label} <small>${record.version}</small></h2>
  <a class="close" href="${linkTo(session.address(), { package: "" })}" data-key="close" aria-label="Close">×</a>
</header>
${record.description && html`<p class="lead">${record.description}</p>`}
${problems.map(({ message }) => html`<p class="problem">${message}</p>`)}
${facts(explorer, cell)}
${dependenciesBlock(explorer, session, cell)}
${usersBlock(explorer, session, cell)}
${versionsBlock(explorer, session, cell)}
${integrityBlock(cell.verdict())}`;
}

/**
 * @param {Explorer} explorer
 * @param {PackageCell} cell
 */
function facts(explorer, cell) {
  const { cells } = explorer.world();
  const { record } = cell;
  const closure = reachable(cell.id, (id) => cells.get(id)?.dependencies() ?? []);
  let all = 0;
  for (const id of closure) all += cells.get(id)?.bytes() ?? 0;
  const homepage = safeLink(record.homepage);

  return html`<dl class="facts">
  <div><dt>Licence</dt><dd>${record.licence}</dd></div>
  <div><dt>Own files</dt><dd>${formatBytes(cell.bytes())} <small>${count(cell.usage.value()?.files ?? 0, "file")}</small></dd></div>
  <div><dt>With all it needs</dt><dd>${formatBytes(all)} <small>${count(closure.size, "package")}</small></dd></div>
  <div><dt>Folder</dt><dd><code>${cell.id}</code></dd></div>
  ${homepage && html`<div><dt>Homepage</dt><dd><a href="${homepage}" target="_blank" rel="noopener noreferrer">${new URL(homepage).host}</a></dd></div>`}
</dl>`;
}

/**
 * @param {Explorer} explorer
 * @param {Session} session
 * @param {PackageCell} cell
 */
function dependenciesBlock(explorer, session, cell) {
  const edges = cell.dependencies();
  if (edges.length === 0) return html``;
  const items = edges.map(({ name, range, kind, to, outside }) => {
    const version = to === undefined ? undefined : explorer.world().records.get(to)?.version;
    return html`<li>${
      to === undefined
        ? html`<span>${name}</span>`
        : html`<a href="${linkTo(session.address(), { package: to })}" data-key="needs ${name}">${name}</a>`
    } <small>${range}${version && html` → ${version}`}${kind !== "dependency" && html` · ${kind}`}${
      to === undefined && (outside ? " · above this folder" : " · not installed")
    }</small></li>`;
  });
  return section("Needs", html`<ul class="links">${items}</ul>`, String(edges.length));
}

/**
 * @param {Explorer} explorer
 * @param {Session} session
 * @param {PackageCell} cell
 */
function usersBlock(explorer, session, cell) {
  const users = explorer.users(cell.id);
  if (users.length === 0) return html``;
  const items = users.map(({ id, range }) => {
    const user = explorer.world().records.get(id);
    return html`<li><a href="${linkTo(session.address(), { package: id })}" data-key="user ${id}">${user?.label ?? id}</a>
      <small>${user?.version} wants ${range}</small></li>`;
  });
  return section("Used by", html`<ul class="links">${items}</ul>`, String(users.length));
}

/**
 * @param {Explorer} explorer
 * @param {Session} session
 * @param {PackageCell} cell
 */
function versionsBlock(explorer, session, cell) {
  const duplicate = explorer.duplicates().find(({ name }) => name === cell.record.label);
  if (!duplicate) return html``;
  const items = [...duplicate.versions].flatMap(([version, ids]) =>
    ids.map(
      (
        id,
      ) => html`<li><a href="${linkTo(session.address(), { package: id })}" data-key="version ${id}">${version}</a>
        <small>${id}</small></li>`,
    ),
  );
  return section("Installed in several versions", html`<ul class="links wide">${items}</ul>`);
}
