// @ts-check
import { messageOf } from "../disk/errors.js";
import { isMissing } from "./resolve.js";

/**
 * @import { Locks } from "../disk/lockfile.js"
 * @import { Problem } from "../disk/scan.js"
 * @import { World } from "./explorer.js"
 */

/**
 * Everything that a person would want to look at, from every part of the graph.
 *
 * @param {World} world
 * @param {Locks} locks
 * @returns {Problem[]}
 */
export function collectProblems(world, locks) {
  /** @type {Problem[]} */
  const problems = [...world.problems, ...locks.problems];
  for (const [id, cell] of world.cells) {
    const { problem } = cell.record;
    if (problem) problems.push({ id, message: problem });
    for (const edge of cell.dependencies()) {
      if (!isMissing(edge)) continue;
      const kind = edge.kind === "peer" ? "peer dependency" : "dependency";
      problems.push({ id, message: `${kind} ${edge.name}@${edge.range} is not installed` });
    }
    // A broken manifest has been reported: that it also differs from the lock file says nothing new.
    const { checks } = cell.verdict();
    for (const { what, ok, detail } of problem ? [] : checks) {
      if (!ok) problems.push({ id, message: `${what}: ${detail}` });
    }
    const failure = cell.failure();
    if (failure !== undefined) {
      problems.push({ id, message: `its files cannot be read: ${messageOf(failure)}` });
    }
  }
  if (world.records.size > 0) {
    for (const id of locks.installed?.keys() ?? []) {
      if (world.records.has(id)) continue;
      problems.push({ id, message: "npm recorded it as installed, but it is not there" });
    }
  }
  return problems.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
