// @ts-check

/**
 * @import { Catalogue } from "./catalogue.js"
 *
 * @typedef {{ id: string, role: "user" | "selected" | "needed", hidden: number }} Neighbour
 *   `hidden`: how many of its own users, or dependencies, are not in the picture
 * @typedef {{ nodes: Neighbour[], edges: Array<{ from: string, to: string }> }} Neighbourhood
 */

/** As much as can be read at a glance. */
const MOST_USERS = 8;
const MOST_NEEDED = 13;
const DEEPEST = 2;

/**
 * The part of the dependency graph around a package: who uses it on one side, what it needs on the
 * other, and what that needs. Only edges that lead away from the package are drawn, so that each step
 * from it is a column.
 *
 * @param {Catalogue} catalogue
 * @param {string} id
 * @returns {Neighbourhood}
 */
export function neighbourhood({ find, users }, id) {
  /** @param {string} at */
  const neededBy = (at) =>
    unique((find(at)?.edges ?? []).map(({ to }) => to).filter((to) => to !== null));
  const needed = walk(id, neededBy, MOST_NEEDED, DEEPEST);

  // A package in a cycle is drawn once, where it is needed.
  /** @param {string} at */
  const usersOf = (at) =>
    unique(users(at).map((user) => user.id)).filter((user) => !needed.has(user));
  const using = walk(id, usersOf, MOST_USERS, 1);

  /** @type {Neighbourhood} */
  const drawn = { nodes: [], edges: [] };
  const selected = { id, role: /** @type {const} */ ("selected"), hidden: 0 };
  drawn.nodes.push(selected);
  for (const [at, depth] of needed) {
    const all = neededBy(at);
    const hidden = all.filter((to) => !needed.has(to)).length;
    if (at === id) selected.hidden += hidden;
    else drawn.nodes.push({ id: at, role: "needed", hidden });
    for (const to of all) if ((needed.get(to) ?? 0) > depth) drawn.edges.push({ from: at, to });
  }
  for (const from of using.keys()) {
    if (from === id) continue;
    drawn.nodes.push({ id: from, role: "user", hidden: usersOf(from).length });
    drawn.edges.push({ from, to: id });
  }
  selected.hidden += usersOf(id).length - (using.size - 1);
  return drawn;
}

/**
 * Breadth first, so that what does not find room is what is farthest.
 *
 * @param {string} from
 * @param {(id: string) => string[]} next
 * @param {number} most how many beside `from`
 * @param {number} deepest
 * @returns {Map<string, number>} id -> how many steps away
 */
function walk(from, next, most, deepest) {
  const reached = new Map([[from, 0]]);
  // A Map yields what is added while it is walked.
  for (const [at, depth] of reached) {
    if (depth === deepest) break;
    for (const id of next(at)) {
      if (reached.size > most) return reached;
      if (!reached.has(id)) reached.set(id, depth + 1);
    }
  }
  return reached;
}

/** @param {string[]} list */
const unique = (list) => [...new Set(list)];
