/**
 * How what a cell writes becomes visible.
 */
import { batch, onCommitted, reportUncaught } from "#engine";

/**
 * Runs writes that become visible together, in the committed state. What effects throw at them is
 * not the cell's error, and nobody's who called it: it is reported.
 */
export function commit(write: () => void): void {
  try {
    batch(() => onCommitted(write));
  } catch (error) {
    reportUncaught(error);
  }
}
