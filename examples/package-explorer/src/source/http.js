// @ts-check

/**
 * @import { Found, Parts, Source } from "../graph/source.js"
 */

/**
 * The source of a browser: the server's JSON. The parts of the catalogue normally come with the page and
 * by the live channel; they are asked for only when the page had none to start from.
 *
 * @returns {Source}
 */
export function createHttpSource() {
  /** @param {keyof Parts} name */
  const part = (name) => ({
    input: () => name,
    run: (/** @type {string} */ name, /** @type {{ signal: AbortSignal }} */ { signal }) =>
      getJson(`/api/${name}`, {}, signal),
  });
  return {
    parts: {
      packages: part("packages"),
      sizes: part("sizes"),
      verdicts: part("verdicts"),
      status: part("status"),
    },
    /** @returns {Promise<Found>} */
    search: (text, place, signal) => getJson("/api/search", { text, place }, signal),
    readme: (id, signal) => getLines("/api/readme", { package: id }, signal),
  };
}

/**
 * @param {string} path
 * @param {Record<string, string>} query
 * @param {AbortSignal} signal
 */
async function get(path, query, signal) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, { signal });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response;
}

/** @type {(path: string, query: Record<string, string>, signal: AbortSignal) => Promise<any>} */
const getJson = async (path, query, signal) => (await get(path, query, signal)).json();

/**
 * A JSON value a line, each as soon as it is there.
 *
 * @param {string} path
 * @param {Record<string, string>} query
 * @param {AbortSignal} signal
 */
async function* getLines(path, query, signal) {
  const { body } = await get(path, query, signal);
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}
