// @ts-check
import { createScope, untracked } from "@signal-kernel/core";

/**
 * Builds a part of the graph that is taken down in one go: every effect and async cell that is created
 * in it, also after an await, ends with its scope.
 *
 * @template T
 * @param {() => T} build
 * @param {string} name
 * @returns {[T, () => void]} what was built, and the function that disposes all of it
 */
export function own(build, name) {
  /** @type {{ value: T } | undefined} */
  let built;
  const scope = createScope(
    () => {
      built = { value: untracked(build) };
    },
    { name },
  );
  // createScope ran the function before it returned (or threw), so `built` is there.
  return [/** @type {{ value: T }} */ (built).value, scope.dispose];
}
