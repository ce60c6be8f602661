// @ts-check
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { parseAddress } from "../graph/address.js";
import { buildReport } from "../report/report.js";
import { createApi } from "./api.js";
import { loadAssets } from "./assets.js";
import { isFromHere, SECURITY_HEADERS } from "./guard.js";
import { createLiveChannel } from "./live.js";
import { createPages } from "./pages.js";

/**
 * @import { IncomingMessage, ServerResponse } from "node:http"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Source } from "../graph/source.js"
 */

const HOST = "127.0.0.1";

/**
 * Serves the explorer to this machine.
 *
 * @param {Source} source
 * @param {Catalogue} catalogue
 * @param {number} wantedPort a free one is taken when it is in use
 */
export async function serve(source, catalogue, wantedPort) {
  const id = randomUUID();
  const { files, scriptsOf } = await loadAssets();
  const pages = await createPages({ source, catalogue, server: id, scriptsOf });
  const live = createLiveChannel(catalogue, id);
  const api = createApi(source, catalogue);
  const server = createServer((request, response) => {
    // Aborted when the client is gone: searches stop reading, sessions end.
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    answer(request, response, gone.signal).catch((error) => {
      if (gone.signal.aborted) return;
      console.error(error);
      if (!response.headersSent) send(response, 500, "text/plain", "Something went wrong.\n");
      else response.destroy();
    });
  });

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   * @param {AbortSignal} gone
   */
  async function answer(request, response, gone) {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (!isFromHere(request, port())) {
      return send(response, 403, "text/plain", "This server answers to its own address only.\n");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return send(response, 405, "text/plain", "Only GET is answered here.\n");
    }
    const target = `http://${HOST}${request.url}`;
    if (!URL.canParse(target)) return send(response, 400, "text/plain", "");
    const { pathname, searchParams } = new URL(target);

    const asset = files.get(pathname);
    if (asset) {
      if (asset.immutable) response.setHeader("cache-control", "max-age=31536000, immutable");
      return send(response, 200, asset.type, asset.body);
    }
    if (pages.has(pathname)) {
      const page = await pages.render(pathname, parseAddress(searchParams), gone);
      await page.pipe(response);
      return;
    }
    if (pathname === "/events") {
      if (request.method === "HEAD") return send(response, 200, "text/event-stream", "");
      // The header is the browser's own word, when it comes back by itself.
      const after = request.headers["last-event-id"] ?? searchParams.get("after") ?? "";
      return live.open(response, String(after));
    }
    if (pathname === "/report.json") {
      return send(response, 200, "application/json", JSON.stringify(buildReport(catalogue)));
    }
    if (pathname === "/api/search") return api.search(response, searchParams, gone);
    if (pathname === "/api/readme") return api.readme(response, searchParams, gone);
    if (pathname.startsWith("/api/")) return api.part(response, pathname.slice("/api/".length));
    return send(response, 404, "text/plain", "There is no such page.\n");
  }

  const port = () => /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  const taken = !(await listen(server, wantedPort));
  if (taken) await listen(server, 0);

  return {
    url: `http://${HOST}:${port()}/`,
    taken,
    /** @returns {Promise<void>} */
    close() {
      live.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @returns {Promise<boolean>} false when the port is in use
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    /** @param {NodeJS.ErrnoException} error */
    const failed = (error) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error));
    server.once("error", failed);
    server.listen(port, HOST, () => {
      server.off("error", failed);
      resolve(true);
    });
  });
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {string} type
 * @param {string | Buffer} body Node leaves it out of an answer to HEAD
 */
function send(response, status, type, body) {
  response.writeHead(status, { "content-type": type }).end(body);
}
