import { createEffectNode, type EffectNode, type Whole } from "#engine";

/** The priority of those effects: their cells have one of their own. */
const NORMAL = 0;

/**
 * Creates the effect that starts the runs of a new cell. When that throws - what a run wrote has made
 * another effect throw, say - nobody will hold the cell: it is disposed, with the run that it has begun.
 *
 * @throws What creating the effect throws.
 */
export function createStarter(
  cell: { readonly whole: Whole; dispose(): void },
  start: () => void,
  name: string,
): EffectNode {
  try {
    return createEffectNode(start, { name, of: cell.whole }, NORMAL);
  } catch (error) {
    cell.dispose();
    throw error;
  }
}
