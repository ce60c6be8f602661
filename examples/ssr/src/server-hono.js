// @ts-check

import { randomBytes } from "node:crypto";
import { serve } from "@hono/node-server";
import { RenderError } from "@signal-kernel/native/server";
import { Hono } from "hono";
import { answerApi, renderPage } from "./page.js";

/** @import { Site } from "./main.js" */

/**
 * The shop on Hono: everything is of the Web, so that it runs wherever Hono does.
 *
 * @param {Site} site
 */
export async function startHono({ load, client, port, token }) {
  const app = new Hono();
  app.get("/client.js", (context) =>
    context.body(client, 200, { "content-type": "text/javascript" }),
  );
  app.get("/api/*", async ({ req, json, notFound }) => {
    const found = await answerApi(load, new URL(req.url), req.raw.signal);
    return found === undefined ? notFound() : json(found);
  });
  app.get("*", async ({ req }) => {
    const nonce = randomBytes(16).toString("base64");
    const { signal } = req.raw;
    return (await renderPage(load, { url: new URL(req.url), signal, nonce, token })).response();
  });
  app.onError((error, { body, text }) => {
    /* Nobody waits for the answer. */
    if (error instanceof RenderError && error.code === "ERR_SK_RENDER_ABORTED") return body(null);
    console.error(error);
    return text("Something went wrong.\n", 500);
  });
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (address) =>
      resolve({
        port: address.port,
        close() {
          server.close();
          if ("closeAllConnections" in server) server.closeAllConnections();
        },
      }),
    );
  });
}
