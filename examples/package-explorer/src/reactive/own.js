// @ts-check
import { createEffect, untracked } from "@signal-kernel/core";

/**
 * Builds a part of the graph that is taken down in one go.
 *
 * An effect owns every effect and async cell created while it runs (and so do they, in turn).
 * This one reads nothing, so it never runs again: it is there only to own what `build` makes.
 *
 * @template T
 * @param {() => T} build
 * @param {string} name
 * @returns {[T, () => void]} what was built, and the function that disposes all of it
 */
export function own(build, name) {
  /** @type {{ value: T } | undefined} */
  let built;
  const dispose = createEffect(
    () => {
      built = { value: untracked(build) };
    },
    { name },
  );
  // createEffect ran the function before it returned (or threw), so `built` is there.
  return [/** @type {{ value: T }} */ (built).value, dispose];
}
