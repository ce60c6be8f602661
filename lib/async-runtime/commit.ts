/**
 * How what a cell writes becomes visible.
 */
import { enterBatch, handle, isAllCommitted, leaveBatchHandling, onCommitted } from "#engine";

/**
 * Runs writes that become visible together, in the committed state. What effects throw at them is
 * not the cell's error, and nobody's who called it: it goes to their scope, or is reported.
 */
export function commit(write: () => void): void {
  enterBatch();
  try {
    if (isAllCommitted()) write();
    else onCommitted(write);
  } catch (error) {
    handle(error, null);
  }
  leaveBatchHandling();
}
