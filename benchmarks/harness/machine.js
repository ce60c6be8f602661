// @ts-check

import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores
 * @property {number} memoryGiB
 * @property {string} system
 * @property {string} node
 * @property {string} v8
 * @property {string} date
 * @property {number} load Of the last minute, this run included, which takes a little over 1.
 */

/** @returns {Machine} */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 16),
    load: Math.round(loadavg()[0] * 10) / 10,
  };
}

/**
 * The version of a package as this folder sees it. Packages may hide their package.json from
 * `exports`, so it is looked for from the entry point upwards.
 *
 * @param {string | null} name
 */
export function versionOf(name) {
  if (name === null) return "-";
  let folder;
  try {
    folder = dirname(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return "not installed";
  }
  for (; ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (found.name === name) return String(found.version);
    } catch {
      // No package.json here, or one that only marks the module type: look further up.
    }
    if (folder === dirname(folder)) return "unknown";
  }
}
