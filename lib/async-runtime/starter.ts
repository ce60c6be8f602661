import { createEffectNode, disposeEffect, type Whole } from "#engine";

/** The priority of those effects: their cells have one of their own. */
const NORMAL = 0;

/**
 * Creates the effect that starts the runs of a new cell. When that throws - what a run wrote has made
 * another effect throw, say - nobody will hold the cell: it is disposed, with the run that it has begun.
 *
 * @returns How to stop the effect.
 * @throws What creating the effect throws.
 */
export function createStarter(
  cell: { readonly whole: Whole; dispose(): void },
  start: () => void,
  name: string,
): () => void {
  try {
    const effect = createEffectNode(start, { name, of: cell.whole }, NORMAL);
    return () => disposeEffect(effect);
  } catch (error) {
    cell.dispose();
    throw error;
  }
}
