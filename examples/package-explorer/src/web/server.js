// @ts-check
import { createServer } from "node:http";
import { createSession } from "../graph/session.js";
import { until } from "../reactive/until.js";
import { buildReport } from "../report/report.js";
import { parseAddress } from "./address.js";
import { loadAssets } from "./assets.js";
import { isFromHere, SECURITY_HEADERS } from "./guard.js";
import { createLiveConnections } from "./live.js";
import { page } from "./views/page.js";

/**
 * @import { IncomingMessage, ServerResponse } from "node:http"
 * @import { Explorer } from "../graph/explorer.js"
 */

/** How long a page waits for its search and its README before it is sent with what there is. */
const PATIENCE = 1500;
const LONGEST_BODY = 8 * 1024;
const HOST = "127.0.0.1";

/**
 * Serves the explorer to this machine.
 *
 * @param {Explorer} explorer
 * @param {number} wantedPort a free one is taken when it is in use
 */
export async function serve(explorer, wantedPort) {
  const assets = await loadAssets();
  const live = createLiveConnections(explorer);
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) send(response, 500, "text/plain", "Something went wrong.\n");
      else response.destroy();
    });
  });

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async function answer(request, response) {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (!isFromHere(request, port())) {
      return send(response, 403, "text/plain", "This server answers to its own address only.\n");
    }
    const target = `http://${HOST}${request.url}`;
    if (!URL.canParse(target)) return send(response, 400, "text/plain", "");
    const { pathname, searchParams } = new URL(target);

    if (request.method === "POST" && pathname.startsWith("/session/")) {
      const body = await bodyOf(request);
      if (body === undefined) return send(response, 413, "text/plain", "");
      const query = new URLSearchParams(body);
      const known = live.go(pathname.slice("/session/".length), parseAddress(query));
      return send(response, known ? 204 : 404, "text/plain", "");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return send(response, 405, "text/plain", "Only GET is answered here.\n");
    }
    const asset = assets.get(pathname);
    if (asset) return send(response, 200, asset.type, asset.body);
    switch (pathname) {
      case "/":
        return send(response, 200, "text/html; charset=utf-8", await render(searchParams));
      case "/events":
        if (request.method === "HEAD") return send(response, 200, "text/event-stream", "");
        return live.open(response, parseAddress(searchParams));
      case "/report.json":
        return send(response, 200, "application/json", JSON.stringify(buildReport(explorer)));
      default:
        return send(response, 404, "text/plain", "There is no such page.\n");
    }
  }

  /**
   * One page for one address: a session that lives until it is rendered.
   *
   * @param {URLSearchParams} query
   */
  async function render(query) {
    const session = createSession(explorer, parseAddress(query));
    try {
      await until(session.settled, { timeout: PATIENCE });
      return page(explorer, session).html;
    } finally {
      session.dispose();
    }
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

/**
 * @param {IncomingMessage} request
 * @returns {Promise<string | undefined>} undefined when it is longer than any that we asked for
 */
async function bodyOf(request) {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > LONGEST_BODY) return undefined;
  }
  return body;
}
