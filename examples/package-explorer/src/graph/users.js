// @ts-check
import { computed } from "@signal-kernel/core";

/**
 * @import { DependencyKind, Package } from "./source.js"
 * @typedef {{ id: string, range: string, kind: DependencyKind }} User
 */

/** @type {readonly User[]} */
const NOBODY = [];

/**
 * The dependency edges read backwards: who uses a package?
 *
 * @param {() => Package[]} list
 * @returns {(id: string) => readonly User[]}
 */
export function createUsers(list) {
  const users = computed(
    () => {
      /** @type {Map<string, User[]>} */
      const byId = new Map();
      for (const { id, edges } of list()) {
        for (const { to, range, kind } of edges) {
          if (to === null) continue;
          const users = byId.get(to) ?? [];
          users.push({ id, range, kind });
          byId.set(to, users);
        }
      }
      return byId;
    },
    { name: "users" },
  );
  return (id) => users.get().get(id) ?? NOBODY;
}
