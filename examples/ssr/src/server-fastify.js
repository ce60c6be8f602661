// @ts-check

import { randomBytes } from "node:crypto";
import { closeSignal } from "@signal-kernel/native/server";
import fastify from "fastify";
import { answerApi, renderPage } from "./page.js";

/**
 * @import { FastifyReply, FastifyRequest } from "fastify"
 * @import { Site } from "./main.js"
 */

/** @param {FastifyRequest} request */
const urlOf = (request) => new URL(request.url, "http://shop");

/**
 * The shop on Fastify: what a handler returns may be a `Response`.
 *
 * @param {Site} site
 */
export async function startFastify({ load, client, port, token }) {
  const app = fastify();
  app.get("/client.js", (_request, reply) => reply.type("text/javascript").send(client));
  app.get("/api/*", async (request, reply) => {
    const found = await answerApi(load, urlOf(request), closeSignal(reply.raw));
    return found ?? reply.code(404).send();
  });
  app.get("/*", async (request, reply) => {
    const signal = closeSignal(reply.raw);
    const nonce = randomBytes(16).toString("base64");
    const page = await renderPage(load, { url: urlOf(request), signal, nonce, token });
    return page.response();
  });
  await app.listen({ port, host: "127.0.0.1" });
  return {
    port: /** @type {import("node:net").AddressInfo} */ (app.server.address()).port,
    close() {
      app.server.closeAllConnections();
      void app.close();
    },
  };
}
