// @ts-check
import { watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { messageOf } from "../format.js";
import { codeOf } from "./errors.js";

/**
 * Where the system watches a whole tree with one handle we let it. On Linux Node would walk the
 * tree and take one handle for each file; the folders that packages come and go in are enough.
 */
const RECURSIVE = process.platform === "darwin" || process.platform === "win32";

/**
 * Watches a set of folders that changes over time.
 *
 * @param {{ root: string, onChange: (folder: string) => void, onProblem: (text: string) => void }} options
 *   `onChange` gets the folder in which something happened, `onProblem` why some cannot be watched
 */
export function createFolderWatcher({ root, onChange, onProblem }) {
  /** @type {Map<string, import("node:fs").FSWatcher>} */
  const watchers = new Map();

  /** @param {string} folder */
  const drop = (folder) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  /** @param {string} folder */
  const add = (folder) => {
    try {
      const watcher = watch(folder, { recursive: RECURSIVE }, (_event, name) => {
        if (RECURSIVE) {
          if (name && concernsPackages(name)) onChange(dirname(join(folder, name)));
          return;
        }
        // The folder itself was moved or removed: its handle is dead. The scan that this event
        // leads to names the folder again if there is a new one in its place.
        if (name === basename(folder)) drop(folder);
        onChange(folder);
      });
      watcher.on("error", () => drop(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      // It went away before we came: the change that removed it has been, or will be, reported.
      if (codeOf(error) !== "ENOENT") onProblem(messageOf(error));
    }
  };

  return {
    /** @param {Set<string>} folders all that are to be watched from now on */
    follow(folders) {
      const wanted = RECURSIVE ? new Set([root]) : folders;
      for (const folder of watchers.keys()) if (!wanted.has(folder)) drop(folder);
      for (const folder of wanted) if (!watchers.has(folder)) add(folder);
    },
    close() {
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}

/** @param {string} path relative to the root */
function concernsPackages(path) {
  return path.includes("node_modules") || /(^|[\\/])package(-lock)?\.json$/.test(path);
}

/**
 * Calls `action` once things have been quiet for `quiet` milliseconds, but no later than `latest`
 * after the first call: an install that writes for a minute still shows up as it goes.
 *
 * @param {() => void} action
 * @param {{ quiet: number, latest: number }} times
 */
export function debounce(action, { quiet, latest }) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let since = 0;
  return {
    call() {
      const now = Date.now();
      if (!timer) since = now;
      clearTimeout(timer);
      const wait = Math.max(0, Math.min(quiet, since + latest - now));
      timer = setTimeout(() => {
        timer = undefined;
        action();
      }, wait);
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
