// @ts-check
import { computed } from "@signal-kernel/core";

/**
 * @import { World } from "./explorer.js"
 * @import { DependencyKind } from "../disk/manifest.js"
 * @typedef {{ id: string, range: string, kind: DependencyKind }} User
 */

/** @type {readonly User[]} */
const NOBODY = [];

/**
 * The dependency edges read backwards: who uses a package?
 *
 * @param {() => World} world
 * @returns {(id: string) => readonly User[]}
 */
export function createUsers(world) {
  const users = computed(
    () => {
      /** @type {Map<string, User[]>} */
      const byId = new Map();
      for (const [id, cell] of world().cells) {
        for (const { to, range, kind } of cell.dependencies()) {
          if (to === undefined) continue;
          const list = byId.get(to) ?? [];
          list.push({ id, range, kind });
          byId.set(to, list);
        }
      }
      return byId;
    },
    { name: "users" },
  );
  return (id) => users.get().get(id) ?? NOBODY;
}
