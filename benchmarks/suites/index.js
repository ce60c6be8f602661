// @ts-check
// The suites by the names that the command line has for them, in the order in which they run.

/** @typedef {import("../harness/types.js").Suite} Suite */

/** @type {Record<string, () => Promise<{ default: Suite }>>} */
const suites = {
  graph: () => import("./graph.js"),
  scale: () => import("./scale.js"),
  memory: () => import("./memory.js"),
  async: () => import("./async.js"),
  snapshot: () => import("./snapshot.js"),
  requests: () => import("./requests.js"),
  startup: () => import("./startup.js"),
  costs: () => import("./costs.js"),
  scheduler: () => import("./scheduler.js"),
};

/** @param {string} name */
export async function loadSuite(name) {
  return (await suites[name]()).default;
}

/** @returns {Promise<[string, Suite][]>} */
export const loadAll = () =>
  Promise.all(
    Object.keys(suites).map(
      async (name) => /** @type {[string, Suite]} */ ([name, await loadSuite(name)]),
    ),
  );
