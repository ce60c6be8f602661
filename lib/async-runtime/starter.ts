import { createEffect } from "../core/index.js";

/**
 * Creates the effect that starts the runs of a new cell. When that throws - what a run wrote has made
 * another effect throw, say - nobody will hold the cell: it is disposed, with the run that it has begun.
 *
 * @returns How to stop the effect.
 * @throws What creating the effect throws.
 */
export function createStarter(
  cell: { dispose(): void },
  start: () => void,
  name: string,
): () => void {
  try {
    return createEffect(start, { name });
  } catch (error) {
    cell.dispose();
    throw error;
  }
}
