// @ts-check

/**
 * Lets at most `limit` file operations run at a time.
 *
 * Only single operations go through a pool (one readdir, one file), never a task that itself waits
 * for the pool: so a place is always given back, and nested folders cannot lock each other out.
 *
 * @typedef {ReturnType<typeof createPool>} Pool
 * @param {number} limit
 */
export function createPool(limit) {
  /** @type {Array<() => void>} */
  const waiting = [];
  let running = 0;

  const leave = () => {
    const next = waiting.shift();
    // The place is handed over as it is, so `running` stays the same.
    if (next) next();
    else running--;
  };

  return {
    /**
     * @template T
     * @param {() => Promise<T>} operation
     * @param {AbortSignal} [signal] an operation whose signal aborts while it waits never starts
     * @returns {Promise<T>}
     */
    async run(operation, signal) {
      signal?.throwIfAborted();
      if (running < limit) running++;
      else await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      try {
        signal?.throwIfAborted();
        return await operation();
      } finally {
        leave();
      }
    },
  };
}
