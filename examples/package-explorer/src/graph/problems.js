// @ts-check
import { isMissing } from "./reach.js";

/**
 * @import { Parts, Problem, Size, Verdict } from "./source.js"
 */

/**
 * Everything that a person would want to look at, from every part of the graph.
 *
 * @param {Parts["packages"]} packages
 * @param {Parts["verdicts"]} verdicts
 * @param {{ size(id: string): Size | undefined, verdict(id: string): Verdict }} known
 * @returns {Problem[]}
 */
export function collectProblems(packages, verdicts, { size, verdict }) {
  const problems = [...packages.problems, ...verdicts.problems];
  for (const { id, problem, edges } of packages.list) {
    if (problem) problems.push({ id, message: problem });
    for (const edge of edges) {
      if (!isMissing(edge)) continue;
      const kind = edge.kind === "peer" ? "peer dependency" : "dependency";
      problems.push({ id, message: `${kind} ${edge.name}@${edge.range} is not installed` });
    }
    // A broken manifest has been reported: that it also differs from the lock file says nothing new.
    const { checks } = verdict(id);
    for (const { what, ok, detail } of problem ? [] : checks) {
      if (!ok) problems.push({ id, message: `${what}: ${detail}` });
    }
    const failure = size(id)?.failure;
    if (failure) problems.push({ id, message: `its files cannot be read: ${failure}` });
  }
  return problems.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
