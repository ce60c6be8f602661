// @ts-check

const UNITS = ["B", "kB", "MB", "GB", "TB"];
const NUMBER = new Intl.NumberFormat("en");

/**
 * @param {number | undefined} bytes
 * @returns {string} "1.4 MB"; "…" while it is not known
 */
export function formatBytes(bytes) {
  if (bytes === undefined) return "…";
  let unit = 0;
  let size = bytes;
  // Not 1000: 999.95 would be rounded up to a number that has the next unit.
  for (; size >= 999.5 && unit < UNITS.length - 1; unit++) size /= 1000;
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

/** @param {number} number */
export const formatNumber = (number) => NUMBER.format(number);

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export const count = (number, one, many = `${one}s`) =>
  `${formatNumber(number)} ${number === 1 ? one : many}`;

/**
 * @param {{ label: string, version: string }} record
 */
export const nameAndVersion = ({ label, version }) => (version ? `${label}@${version}` : label);

/** @type {(a: string, b: string) => number} close enough to semver for showing: 9 before 10 */
export const compareVersions = new Intl.Collator("en", { numeric: true }).compare;

/**
 * Text from a package, fit for a terminal: without the control characters that could move its
 * cursor, change its title or hide a line.
 *
 * @param {string} text
 */
export const printable = (text) => text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "�");

/**
 * One line that a person can read, for any thrown value.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
}
