/**
 * Subscriptions: a listener that is called with each committed new value.
 */
import { createEffectNode } from "./effect.js";
import type { EffectNode, SignalNode } from "./node.js";
import { readSignal } from "./signal.js";
import { untracked } from "./track.js";

/** Normal priority of an effect. */
const NORMAL = 0;

/** Calls `listener` with each new value of `node` from now on, until the effect is disposed. */
export function createSubscription<T>(
  node: SignalNode<T>,
  listener: (value: T) => void,
): EffectNode {
  let first = true;
  return createEffectNode(
    () => {
      const value = readSignal(node);
      if (first) first = false;
      else untracked(() => listener(value));
    },
    node.options,
    NORMAL,
  );
}
