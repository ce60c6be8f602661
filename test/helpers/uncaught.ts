/**
 * Collects what is reported as an uncaught exception while `fn` runs and for one turn of the event
 * loop after it. The test runner's own listeners are put aside meanwhile, and put back.
 */
export async function collectUncaught(fn: () => void | Promise<void>): Promise<unknown[]> {
  const listeners = process.listeners("uncaughtException");
  const caught: unknown[] = [];
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => {
    caught.push(error);
  });
  try {
    await fn();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  }
  return caught;
}

/** What `fn` throws; fails when it throws nothing. */
export function thrownBy(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("Expected the function to throw");
}
