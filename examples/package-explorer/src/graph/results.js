// @ts-check
import { count, messageOf } from "../format.js";

/**
 * What is to be said of a search, in a line.
 *
 * @param {string} status
 * @param {import("./source.js").Found | undefined} found
 * @param {unknown} error
 */
export function summaryOf(status, found, error) {
  if (status === "pending") return "reading…";
  if (status === "error") return `failed: ${messageOf(error)}`;
  if (!found) return "two letters at least";
  return [
    `${count(found.matches.length, "match", "matches")} in ${count(found.files, "file")}`,
    !found.complete && "there are more",
    found.unreadable > 0 && `${count(found.unreadable, "file")} cannot be read`,
  ]
    .filter(Boolean)
    .join(", ");
}
