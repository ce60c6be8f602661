// @ts-check

import { count, formatBytes } from "../format.js";
import { linkTo } from "../graph/address.js";
import { reachable } from "../graph/reach.js";
import { safeLink } from "../markdown/links.js";
import { html } from "./html.js";
import { integrityBlock } from "./integrity.js";
import { overview } from "./overview.js";
import { section } from "./parts.js";
import { pictureBlock } from "./picture.js";

/**
 * @import { Session } from "../graph/session.js"
 * @import { Package } from "../graph/source.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

/**
 * The selected package, or the whole when none is.
 *
 * @param {Catalogue} catalogue
 * @param {Session} session
 */
export function detail(catalogue, session) {
  const selected = session.selected();
  if (!selected) {
    const wanted = session.address().package;
    const scanning = catalogue.phase() === "scanning";
    if (wanted === "") return overview(catalogue, session);
    return html`<p class="empty">${scanning ? "Reading the packages…" : html`There is no package at <code>${wanted}</code>.`}</p>`;
  }
  const problems = catalogue.problems().filter(({ id }) => id === selected.id);

  return html`<header class="headline">
  <h2>${selected.label} <small>${selected.version}</small></h2>
  <a class="close" href="${linkTo(session.address(), { package: "" })}" data-key="close" aria-label="Close">×</a>
</header>
${selected.description && html`<p class="lead">${selected.description}</p>`}
${problems.map(({ message }) => html`<p class="problem">${message}</p>`)}
${facts(catalogue, selected)}
${pictureBlock(catalogue, session)}
${dependenciesBlock(catalogue, session, selected)}
${usersBlock(catalogue, session, selected)}
${versionsBlock(catalogue, session, selected)}
${integrityBlock(catalogue.verdict(selected.id))}`;
}

/**
 * @param {Catalogue} catalogue
 * @param {Package} selected
 */
function facts(catalogue, selected) {
  const size = catalogue.size(selected.id);
  const closure = reachable(selected.id, catalogue.find);
  let all = 0;
  for (const id of closure) all += catalogue.bytes(id) ?? 0;
  const homepage = safeLink(selected.homepage);

  return html`<dl class="facts">
  <div><dt>Licence</dt><dd>${selected.licence}</dd></div>
  <div><dt>Own files</dt><dd>${formatBytes(size?.bytes)} <small>${count(size?.files ?? 0, "file")}</small></dd></div>
  <div><dt>With all it needs</dt><dd>${formatBytes(all)} <small>${count(closure.size, "package")}</small></dd></div>
  <div><dt>Folder</dt><dd><code>${selected.id}</code></dd></div>
  ${homepage && html`<div><dt>Homepage</dt><dd><a href="${homepage}" target="_blank" rel="noopener noreferrer">${new URL(homepage).host}</a></dd></div>`}
</dl>`;
}

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @param {Package} selected
 */
function dependenciesBlock(catalogue, session, selected) {
  const { edges } = selected;
  if (edges.length === 0) return html``;
  const items = edges.map(({ name, range, kind, to, outside }) => {
    const version = to === null ? undefined : catalogue.find(to)?.version;
    return html`<li>${
      to === null
        ? html`<span>${name}</span>`
        : html`<a href="${linkTo(session.address(), { package: to })}" data-key="needs ${name}">${name}</a>`
    } <small>${range}${version && html` → ${version}`}${kind !== "dependency" && html` · ${kind}`}${
      to === null && (outside ? " · above this folder" : " · not installed")
    }</small></li>`;
  });
  return section("Needs", html`<ul class="links">${items}</ul>`, String(edges.length));
}

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @param {Package} selected
 */
function usersBlock(catalogue, session, selected) {
  const users = catalogue.users(selected.id);
  if (users.length === 0) return html``;
  const items = users.map(({ id, range }) => {
    const user = catalogue.find(id);
    return html`<li><a href="${linkTo(session.address(), { package: id })}" data-key="user ${id}">${user?.label ?? id}</a>
      <small>${user?.version} wants ${range}</small></li>`;
  });
  return section("Used by", html`<ul class="links">${items}</ul>`, String(users.length));
}

/**
 * @param {Catalogue} catalogue
 * @param {Session} session
 * @param {Package} selected
 */
function versionsBlock(catalogue, session, selected) {
  const duplicate = catalogue.duplicates().find(({ name }) => name === selected.label);
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
