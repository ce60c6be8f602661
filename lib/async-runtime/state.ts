/**
 * The signals that cells and revisions are made of. They are the engine's nodes without a handle: a
 * cell has three of them, and nobody outside writes them.
 */
import { SignalNode } from "#engine";

export { peekSignal as peekState, readOutside as readState } from "#engine";

export type State<T> = SignalNode<T>;

export function createState<T>(value: T): State<T> {
  return new SignalNode<T>(value, null);
}
