// @ts-check
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BUILT } from "./build.js";

/**
 * @typedef {{ type: string, body: Buffer, immutable: boolean }} Asset
 * @typedef {{ file: string, imports?: string[], css?: string[] }} Entry one of Vite's manifest
 */

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * The files that the pages load. They are read once and found by their exact address: no part of a
 * request ever becomes part of a path.
 *
 * @returns {Promise<{ files: Map<string, Asset>, scriptsOf(page: string): string[] }>} `scriptsOf`: the
 *   addresses of a page's script and of what it imports
 */
export async function loadAssets() {
  const own = fileURLToPath(new URL("./assets", import.meta.url));
  const client = join(BUILT, "client");
  const files = new Map([
    ...(await filesIn(own, "/assets", false)),
    // Their names have a hash of what is in them.
    ...(await filesIn(join(client, "assets"), "/built", true)),
  ]);
  /** @type {Record<string, Entry>} */
  const manifest = JSON.parse(await readFile(join(client, "manifest.json"), "utf8"));
  return {
    files,
    scriptsOf: (page) =>
      Object.keys(manifest)
        .filter((source) => source.startsWith(`${page}/client.`))
        .flatMap((source) => [source, ...importsOf(manifest, source)])
        .map((source) => `/built${manifest[source]?.file.replace(/^assets/, "")}`),
  };
}

/**
 * @param {Record<string, Entry>} manifest
 * @param {string} source
 */
function importsOf(manifest, source) {
  const all = new Set(manifest[source]?.imports);
  for (const one of all) for (const next of manifest[one]?.imports ?? []) all.add(next);
  return all;
}

/**
 * @param {string} folder
 * @param {string} address
 * @param {boolean} immutable
 * @returns {Promise<Array<[string, Asset]>>}
 */
async function filesIn(folder, address, immutable) {
  const names = (await readdir(folder)).filter((name) => TYPES[extname(name)]);
  return Promise.all(
    names.map(async (name) => {
      const body = await readFile(join(folder, name));
      const type = TYPES[extname(name)] ?? "";
      return /** @type {[string, Asset]} */ ([`${address}/${name}`, { type, body, immutable }]);
    }),
  );
}
