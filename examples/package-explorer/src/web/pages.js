// @ts-check
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { html, rawHtml, renderWithState } from "@signal-kernel/native/server";
import { PAGES } from "../graph/pages.js";
import { createSession } from "../graph/session.js";
import { describeCatalogue, describeSession, GRAPH } from "../graph/snapshot.js";
import { renderLive } from "../live/server.js";
import { renderPlain } from "../plain/server.js";
import { until } from "../reactive/until.js";
import { BUILT } from "./build.js";
import { bodyEnd, headOf } from "./document.js";

/**
 * @import { Page, RenderContext, Rendered } from "@signal-kernel/native/server"
 * @import { Address } from "../graph/address.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Session } from "../graph/session.js"
 * @import { Source } from "../graph/source.js"
 *
 * @typedef {object} Shown what a page shows, and how
 * @property {Catalogue} catalogue
 * @property {Session} session
 * @property {RenderContext} context
 * @typedef {(shown: Shown) => Rendered | Promise<Rendered>} RenderBody
 */

/**
 * How long a page waits for its search and its README, in milliseconds; what is pending then, the browser
 * asks for. A page that comes in pieces shows the rest meanwhile, and can take its time.
 */
const PATIENCE = 1500;
const LONG_PATIENCE = 10_000;

/**
 * The pages, rendered on the server. Each request has a scope with a session of its own, which ends when
 * the page is sent or nobody waits for it any more; its state goes with the page.
 *
 * @param {object} options
 * @param {Source} options.source
 * @param {Catalogue} options.catalogue
 * @param {string} options.server
 * @param {(page: string) => string[]} options.scriptsOf
 */
export async function createPages({ source, catalogue, server, scriptsOf }) {
  const bodies = await loadBodies();
  return {
    /** @type {(path: string) => boolean} */
    has: (path) => bodies.has(path),

    /**
     * @param {string} path
     * @param {Address} address
     * @param {AbortSignal} signal aborted when nobody waits for the page any more
     * @returns {Promise<Page>}
     */
    render(path, address, signal) {
      const { name, body, mode } = /** @type {Body} */ (bodies.get(path));
      return renderWithState(
        async (context) => {
          const session = createSession(catalogue, source, address, { eager: true });
          describeCatalogue(context.snapshot, catalogue);
          describeSession(context.snapshot, session);
          // What comes in pieces is at work before all of it is there.
          const head = headOf({
            title: session.title(),
            scripts: scriptsOf(name),
            isAsync: mode === "in-order",
            isWorking: !catalogue.idle(),
            server,
          });
          return html`${rawHtml(head)}${await body({ catalogue, session, context })}${rawHtml(bodyEnd)}`;
        },
        {
          mode,
          timeoutMs: mode === "in-order" ? LONG_PATIENCE : PATIENCE,
          signal,
          name: `GET ${path}`,
          snapshot: { ...GRAPH, instanceId: server },
        },
      );
    },
  };
}

/**
 * @typedef {{ name: string, body: (shown: Shown) => any, mode: "settled" | "in-order" }} Body
 * @returns {Promise<Map<string, Body>>}
 */
async function loadBodies() {
  /** @type {(name: string) => Promise<Body["body"]>} */
  const framework = async (name) => {
    const url = pathToFileURL(join(BUILT, "server", `${name}.js`));
    const { render } = await import(url.href);
    return settledFirst(async (shown) => html`<div id="app">${rawHtml(await render(shown))}</div>`);
  };
  /** @type {Record<string, Omit<Body, "name">>} */
  const byName = {
    plain: { body: renderPlain, mode: "in-order" },
    react: { body: await framework("react"), mode: "settled" },
    vue: { body: await framework("vue"), mode: "settled" },
    live: { body: settledFirst(renderLive), mode: "settled" },
  };
  return new Map(
    PAGES.flatMap(({ path, name }) => {
      const body = byName[name];
      return body ? [/** @type {const} */ ([path, { name, ...body }])] : [];
    }),
  );
}

/**
 * Waits for what a page cannot be rendered without; what takes too long is shown as pending.
 *
 * @param {Body["body"]} body
 * @returns {Body["body"]}
 */
const settledFirst = (body) => async (shown) => {
  await until(shown.session.settled, { timeout: PATIENCE });
  return body(shown);
};
