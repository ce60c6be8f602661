/**
 * Starting an engine that could not be made ready while the library loaded.
 */
import { SK_BLOCK_HEADER, SK_H_REMADE } from "./layout.js";
import { attach, loaded, remake, rt, view } from "./runtime.js";

let starting: Promise<void> | null = null;

/** The words until now were a stand-in's. */
async function start(compile: () => Promise<void>): Promise<void> {
  await compile();
  attach();
  rt.header = view(SK_BLOCK_HEADER);
  rt.header[SK_H_REMADE] = -1;
  remake();
}

/**
 * Makes the engine ready where it could not be while this module loaded: on the main thread of a page
 * that may compile WebAssembly only asynchronously. Anywhere else it is ready, and this does nothing.
 *
 * @returns A promise that is fulfilled when the engine is ready, or rejected with the EngineLoadError
 *   or AbiMismatchError that says why it is not.
 * @example
 * await init();
 * createEffect(() => console.log(count.get()));
 */
export function init(): Promise<void> {
  if (loaded.error !== undefined) return Promise.reject(loaded.error);
  if (loaded.start === null) return Promise.resolve();
  starting ??= start(loaded.start);
  return starting;
}
