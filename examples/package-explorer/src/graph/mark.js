// @ts-check
import { PARTS } from "./snapshot.js";

/**
 * @import { Catalogue } from "./catalogue.js"
 *
 * How much of a catalogue somebody has seen: the versions of its parts, and whose they are. It is the id
 * of the events of the live channel, so that one who comes back is told what has changed since, and no
 * more.
 *
 * @typedef {{ server: string, versions: number[] }} Mark
 */

/**
 * @param {string} server
 * @param {Catalogue["cells"]} cells
 * @returns {string}
 * @example
 * formatMark("5f0c", cells); // "5f0c.1.27.11.36"
 */
export function formatMark(server, cells) {
  return [server, ...PARTS.map((name) => cells[name][1].version())].join(".");
}

/**
 * @param {string} text from anywhere
 * @param {string} server whose versions count
 * @returns {Mark} with versions of 0 when it is no mark, or another server's
 */
export function parseMark(text, server) {
  const [whose, ...versions] = text.split(".");
  const numbers = versions.map((version) =>
    /^\d{1,15}$/.test(version) ? Number(version) : Number.NaN,
  );
  const isOurs = whose === server && numbers.length === PARTS.length && !numbers.some(Number.isNaN);
  return { server, versions: isOurs ? numbers : PARTS.map(() => 0) };
}
