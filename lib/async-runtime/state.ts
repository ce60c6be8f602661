/**
 * The signals that cells and revisions are made of. They are the engine's nodes without a handle: a
 * cell has three of them at least, and nobody outside writes them.
 */
import { type NodeOptions, SignalNode } from "#engine";

export { peekSignal as peekState, readOutside as readState } from "#engine";

export type State<T> = SignalNode<T>;

export function createState<T>(value: T, options: NodeOptions<T> | null = null): State<T> {
  return new SignalNode<T>(value, options);
}
