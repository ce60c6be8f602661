// @ts-check
import { createEffect, onCleanup, signal } from "@signal-kernel/core";
import { createFolderWatcher, debounce } from "../disk/watch.js";

/**
 * @import { Revision } from "@signal-kernel/async-runtime"
 *
 * Makes the disk a source of the graph. What is watched is itself derived: each scan names the
 * folders in which packages can come and go, and an effect keeps the watchers in step with it.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {Revision} options.disk invalidated when something changed
 * @param {Set<string>} options.touched collects where
 * @param {() => Set<string>} options.folders
 * @returns {() => string} how the watching goes: "live", or what keeps it from being so
 */
export function followDisk({ root, disk, touched, folders }) {
  const state = signal("live", { name: "watching" });
  const invalidate = debounce(() => disk.invalidate(), { quiet: 150, latest: 1500 });
  const watcher = createFolderWatcher({
    root,
    onChange(folder) {
      touched.add(folder);
      invalidate.call();
    },
    onProblem: (text) => state.set(`partly live: ${text}`),
  });

  createEffect(() => watcher.follow(folders()), { name: "follow the disk" });
  onCleanup(() => {
    invalidate.cancel();
    watcher.close();
  });
  return state.get;
}
