#!/usr/bin/env node
// @ts-check
// The shop on one of three servers:
//
//   node src/main.js [--server node|fastify|hono] [--port 4681] [--slow 1500]
//
// --slow: how long the reviews take, in milliseconds. The page is there before them.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { startFastify } from "./server-fastify.js";
import { startHono } from "./server-hono.js";
import { startNode } from "./server-node.js";
import { createStore } from "./store.js";

/**
 * What a server is given.
 *
 * @typedef {{
 *   load: import("./store.js").Load,
 *   client: string,
 *   port: number,
 *   token: string,
 * }} Site
 */

const SERVERS = { node: startNode, fastify: startFastify, hono: startHono };

/** The code of the client, with the engine for browsers. */
async function bundleClient() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("client.js", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    write: false,
    /* The packages are linked from this repository, whose settings are for its own sources. */
    tsconfigRaw: "{}",
  });
  return outputFiles[0]?.text ?? "";
}

function optionsOf() {
  const { values } = parseArgs({
    options: {
      server: { type: "string", default: "node" },
      port: { type: "string", default: "4681" },
      slow: { type: "string", default: "1500" },
    },
  });
  const start = Object.entries(SERVERS).find(([name]) => name === values.server)?.[1];
  const [port, slow] = [Number(values.port), Number(values.slow)];
  if (start === undefined || !Number.isInteger(port) || !(slow >= 0)) {
    console.error("Usage: ssr [--server node|fastify|hono] [--port 4681] [--slow 1500]");
    process.exit(2);
  }
  return { start, port, slow };
}

const { start, port, slow } = optionsOf();
const server = await start({
  load: createStore({ productMs: 20, reviewsMs: slow }),
  client: await bundleClient(),
  port,
  /* Of somebody who is signed in, say. It is part of the graph, and never of the page. */
  token: process.env.SHOP_TOKEN ?? "",
});
console.log(`The shop is open on http://127.0.0.1:${server.port}/`);
process.once("SIGINT", () => server.close());
