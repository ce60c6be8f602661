// @ts-check
// The libraries that can be named on the command line, in the order of the tables' columns.

/** The bound from below, ours with its two engines, and the peer that the goals compare with. */
export const FLOOR = "floor";
export const NATIVE = "signal-kernel";
export const WASM = "signal-kernel-wasm";
export const REFERENCE = "alien-signals";

/** Each of ours with its engine, and no other than that. */
export const ENGINES = {
  [NATIVE]: { SIGNAL_KERNEL_ENGINE: "native" },
  [WASM]: { SIGNAL_KERNEL_ENGINE: "wasm" },
};
export const SUBJECTS = [NATIVE, WASM];

/** Ours, as contenders of a suite. @param {string} name The package. */
export const ours = (name) =>
  Object.entries(ENGINES).map(([subject, env]) => ({ name: subject, package: name, env }));

const loadOurs = () => import("./signal-kernel.js");

/**
 * @type {Record<string, { package: string | null, env?: Record<string, string>, load: () => Promise<{
 *   default: import("../harness/types.js").Adapter }> }>}
 */
const entries = {
  [FLOOR]: { package: null, load: () => import("./floor.js") },
  [NATIVE]: { package: "@signal-kernel/core", env: ENGINES[NATIVE], load: loadOurs },
  [WASM]: { package: "@signal-kernel/core", env: ENGINES[WASM], load: loadOurs },
  [REFERENCE]: { package: "alien-signals", load: () => import("./alien-signals.js") },
  preact: { package: "@preact/signals-core", load: () => import("./preact.js") },
  reactively: { package: "@reactively/core", load: () => import("./reactively.js") },
  solid: { package: "solid-js", load: () => import("./solid.js") },
  "solid-next": { package: "@solidjs/signals", load: () => import("./solid-next.js") },
  svelte: { package: "svelte", load: () => import("./svelte.js") },
  vue: { package: "@vue/reactivity", load: () => import("./vue.js") },
  "signal-polyfill": { package: "signal-polyfill", load: () => import("./signal-polyfill.js") },
  naive: { package: null, load: () => import("./naive.js") },
};

/** @type {import("../harness/types.js").Contender[]} */
export const libraries = Object.entries(entries).map(([name, entry]) => ({
  name,
  package: entry.package,
  ...(entry.env && { env: entry.env }),
}));

/**
 * @param {string} name
 * @returns {Promise<import("../harness/types.js").Adapter>}
 */
export async function loadAdapter(name) {
  return (await entries[name].load()).default;
}
