// @ts-check

/** @type {Record<string, () => Promise<{ default: import("../harness/types.js").Suite }>>} */
const suites = {
  graph: () => import("./graph.js"),
  async: () => import("./async.js"),
  memory: () => import("./memory.js"),
  scheduler: () => import("./scheduler.js"),
};

/** @param {string} name */
export async function loadSuite(name) {
  return (await suites[name]()).default;
}
