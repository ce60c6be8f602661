// @ts-check
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createScope, settled, untracked } from "@signal-kernel/core";
import { captureSnapshot, toScript } from "@signal-kernel/snapshot";
import { createSession } from "../graph/session.js";
import { createExplorerSnapshot, describeCatalogue, describeSession } from "../graph/snapshot.js";
import { page as plain } from "../plain/page.js";
import { BUILT } from "./build.js";
import { documentOf } from "./document.js";

/**
 * @import { Address } from "../graph/address.js"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Session } from "../graph/session.js"
 * @import { Source } from "../graph/source.js"
 * @typedef {(catalogue: Catalogue, session: Session) => string | Promise<string>} RenderPage
 */

/** How long a page waits for its search and its README before it is sent with what there is. */
const PATIENCE = 1500;

/**
 * The pages, rendered on the server: each request has a session of its own, which lives until the page
 * is sent, with the state that the browser starts from.
 *
 * @param {object} options
 * @param {Source} options.source
 * @param {Catalogue} options.catalogue
 * @param {string} options.server
 * @param {(page: string) => string[]} options.scriptsOf
 */
export async function createPages({ source, catalogue, server, scriptsOf }) {
  /** @type {(name: string) => Promise<{ render: RenderPage }>} */
  const built = (name) => import(pathToFileURL(join(BUILT, "server", `${name}.js`)).href);
  /** @type {Record<string, RenderPage>} */
  const renderers = {
    "/": (catalogue, session) => plain(catalogue, session).html,
    "/react": (await built("react")).render,
    "/vue": (await built("vue")).render,
  };

  return {
    /** @type {(path: string) => boolean} */
    has: (path) => Object.hasOwn(renderers, path),
    /**
     * @param {string} path
     * @param {Address} address
     * @param {AbortSignal} signal aborted when nobody waits for the page any more
     */
    async render(path, address, signal) {
      const render = /** @type {RenderPage} */ (renderers[path]);
      const scope = createScope({ name: `GET ${path}`, detached: true, signal });
      try {
        return await scope.run(async () => {
          const session = untracked(() => createSession(catalogue, source, address, { eager: true }));
          await Promise.race([settled(scope), after(PATIENCE)]);
          const snapshot = createExplorerSnapshot(server);
          describeCatalogue(snapshot, catalogue);
          describeSession(snapshot, session);
          const body = await render(catalogue, session);
          return documentOf({
            title: session.title(),
            scripts: scriptsOf(path === "/" ? "plain" : path.slice(1)),
            isWorking: !catalogue.idle(),
            body: body + toScript(captureSnapshot(snapshot)),
          });
        });
      } finally {
        scope.dispose();
      }
    },
  };
}

/** @type {(ms: number) => Promise<void>} */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());
