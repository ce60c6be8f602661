// @ts-check
// The libraries that can be named on the command line, in the order of the tables' columns.

/** The bound from below, ours, and the peer that the goals compare with. */
export const FLOOR = "floor";
export const SUBJECT = "signal-kernel";
export const REFERENCE = "alien-signals";

/**
 * @type {Record<string, { package: string | null, load: () => Promise<{ default:
 *   import("../harness/types.js").Adapter }> }>}
 */
const entries = {
  [FLOOR]: { package: null, load: () => import("./floor.js") },
  [SUBJECT]: { package: "@signal-kernel/core", load: () => import("./signal-kernel.js") },
  [REFERENCE]: { package: "alien-signals", load: () => import("./alien-signals.js") },
  preact: { package: "@preact/signals-core", load: () => import("./preact.js") },
  reactively: { package: "@reactively/core", load: () => import("./reactively.js") },
  solid: { package: "solid-js", load: () => import("./solid.js") },
  vue: { package: "@vue/reactivity", load: () => import("./vue.js") },
};

export const libraries = Object.entries(entries).map(([name, entry]) => ({
  name,
  package: entry.package,
}));

/**
 * @param {string} name
 * @returns {Promise<import("../harness/types.js").Adapter>}
 */
export async function loadAdapter(name) {
  return (await entries[name].load()).default;
}
