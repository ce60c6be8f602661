// @ts-check
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CHOICES } from "../graph/address.js";

/**
 * @import { ServerResponse } from "node:http"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { SearchPlace, Source } from "../graph/source.js"
 */

const SHORTEST_SEARCH = 2;
const LONGEST_SEARCH = 300;

/**
 * What a browser asks for: a search, a README, and a part of the catalogue if its page came without.
 *
 * @param {Source} source
 * @param {Catalogue} catalogue
 */
export function createApi(source, { cells, find }) {
  return {
    /**
     * @param {ServerResponse} response
     * @param {URLSearchParams} query
     * @param {AbortSignal} signal
     */
    async search(response, query, signal) {
      const text = (query.get("text") ?? "").trim();
      const place = query.get("place") ?? "readmes";
      const isFit = text.length >= SHORTEST_SEARCH && text.length <= LONGEST_SEARCH;
      if (!isFit || !CHOICES.place.includes(place)) return refuse(response, 400);
      sendJson(response, await source.search(text, /** @type {SearchPlace} */ (place), signal));
    },

    /**
     * The README's blocks, a JSON list a line, each line as soon as it is rendered.
     *
     * @param {ServerResponse} response
     * @param {URLSearchParams} query
     * @param {AbortSignal} signal
     */
    async readme(response, query, signal) {
      const { id } = find(query.get("package") ?? "") ?? {};
      if (id === undefined) return refuse(response, 404);
      response.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8" });
      const lines = async function* () {
        for await (const blocks of source.readme(id, signal)) yield `${JSON.stringify(blocks)}\n`;
      };
      await pipeline(Readable.from(lines()), response, { signal });
    },

    /**
     * @param {ServerResponse} response
     * @param {string} name
     */
    part(response, name) {
      if (!Object.hasOwn(cells, name)) return refuse(response, 404);
      const [value] = cells[/** @type {keyof typeof cells} */ (name)];
      const known = value();
      if (known === undefined) return refuse(response, 503);
      sendJson(response, known);
    },
  };
}

/**
 * @param {ServerResponse} response
 * @param {unknown} value
 */
function sendJson(response, value) {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 */
function refuse(response, status) {
  response.writeHead(status, { "content-type": "text/plain" }).end();
}
