// @ts-check
import { existsSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../format.js";
import { codeOf, ExplorerError } from "./errors.js";

/**
 * The folder whose packages are explored: the one that holds `node_modules`.
 *
 * @param {string | undefined} path a project folder or its node_modules folder; none: the project
 *   in whose node_modules this program's own library is installed
 */
export async function locate(path) {
  const wanted = resolve(path ?? ownProject());
  const folder = await realFolder(wanted);
  return basename(folder) === "node_modules" ? dirname(folder) : folder;
}

/** @param {string} path */
async function realFolder(path) {
  try {
    const folder = await realpath(path);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new ExplorerError(`there is no folder ${path}`);
    throw new ExplorerError(`cannot open ${path}: ${messageOf(error)}`);
  }
  throw new ExplorerError(`${path} is a file; give a project folder or a node_modules folder`);
}

function ownProject() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "node_modules", "@signal-kernel", "core"))) {
    const parent = dirname(folder);
    if (parent === folder) return process.cwd();
    folder = parent;
  }
  return folder;
}
