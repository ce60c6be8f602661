// @ts-check

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { closeSignal } from "@signal-kernel/native/server";
import { answerApi, renderPage } from "./page.js";

/**
 * @import { IncomingMessage, ServerResponse } from "node:http"
 * @import { Site } from "./main.js"
 */

/**
 * The shop on node:http.
 *
 * @param {Site} site
 */
export async function startNode({ load, client, port, token }) {
  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async function answer(request, response) {
    const url = new URL(request.url ?? "/", "http://shop");
    const signal = closeSignal(response);
    if (url.pathname === "/client.js")
      return void response.setHeader("content-type", "text/javascript").end(client);
    if (url.pathname.startsWith("/api/")) {
      const found = await answerApi(load, url, signal);
      response.statusCode = found === undefined ? 404 : 200;
      return void response.setHeader("content-type", "application/json").end(JSON.stringify(found));
    }
    const nonce = randomBytes(16).toString("base64");
    const page = await renderPage(load, { url, signal, nonce, token });
    await page.pipe(response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end("Something went wrong.\n");
    });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(undefined));
  });
  return {
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
