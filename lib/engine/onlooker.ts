/**
 * Onlookers: what shows the committed state outside of the graph, as the adapters of user interfaces
 * do. Wherever they look from - a render inside an effect, a scope or a transaction - what they read is
 * not tracked for that, is not what a transaction has staged, and what they watch with is not owned.
 */
import { createEffectNode, disposeEffect } from "./effect.js";
import { unowned } from "./owner.js";
import { rt } from "./runtime.js";
import { untracked } from "./track.js";

/** Normal priority of an effect. */
const NORMAL = 0;

const OPTIONS = { name: "watcher of an adapter", of: null };

/**
 * Reads the committed state, untracked.
 *
 * @throws What `read` throws.
 */
export function lookAt<T>(read: () => T): T {
  rt.committed++;
  try {
    return untracked(read);
  } finally {
    rt.committed--;
  }
}

/**
 * Watches what `read` reads: calls `onChange` in each flush in which that has changed, untracked and so
 * that nobody owns what it creates. An error of `read` is a state like another: whoever looks gets it.
 *
 * @returns Ends it, at once and for good.
 */
export function watchFrom(read: () => unknown, onChange: () => void): () => void {
  let first = true;
  let stop = () => {};
  unowned(() => {
    const effect = createEffectNode(
      () => {
        try {
          read();
        } catch {
          /* Thrown again where it is shown. */
        }
        if (first) first = false;
        else unowned(onChange);
      },
      OPTIONS,
      NORMAL,
    );
    stop = () => disposeEffect(effect);
  });
  return stop;
}
