// @ts-check
import { readFile } from "node:fs/promises";

const FILES = {
  "/assets/style.css": "text/css; charset=utf-8",
  "/assets/client.js": "text/javascript; charset=utf-8",
  "/assets/icon.svg": "image/svg+xml",
};

/**
 * The files that the page loads. They are read once and found by their exact address: no part of a
 * request ever becomes part of a path.
 *
 * @returns {Promise<Map<string, { type: string, body: Buffer }>>}
 */
export async function loadAssets() {
  const files = Object.entries(FILES).map(async ([path, type]) => {
    const body = await readFile(new URL(`.${path}`, import.meta.url));
    return /** @type {const} */ ([path, { type, body }]);
  });
  return new Map(await Promise.all(files));
}
