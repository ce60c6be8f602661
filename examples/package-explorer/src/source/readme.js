// @ts-check
import { setImmediate as turn } from "node:timers/promises";
import { findReadme, readReadme } from "../disk/readme.js";
import { renderBlocks } from "../markdown/render.js";

/** How much is rendered before other work gets its turn. */
const CHUNK = 8 * 1024;

/**
 * The README in a folder, rendered: a few finished blocks of HTML at a time, none when there is none.
 *
 * @param {string} dir
 * @returns {AsyncGenerator<string[]>}
 */
export async function* readBlocks(dir) {
  const path = await findReadme(dir);
  if (!path) return;
  const { text, cut } = await readReadme(path);

  /** @type {string[]} */
  let chunk = [];
  let size = 0;
  for (const { html } of renderBlocks(text, { cut })) {
    chunk.push(html);
    size += html.length;
    if (size < CHUNK) continue;
    yield chunk;
    [chunk, size] = [[], 0];
    await turn();
  }
  if (chunk.length > 0) yield chunk;
}
