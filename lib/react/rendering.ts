/**
 * What changes while React renders. It refuses to be told of that by a component that is not the one that
 * renders, so it is told afterwards.
 */

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

let rendering = 0;

/** Runs `fn`, which changes the graph in the midst of a render. */
export function whileRendering<T>(fn: () => T): T {
  rendering++;
  try {
    return fn();
  } finally {
    rendering--;
  }
}

/** `tell`, but not in the midst of a render. */
export function afterRendering(tell: () => void): () => void {
  return () => (rendering === 0 ? tell() : enqueue(tell));
}
