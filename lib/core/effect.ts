import {
  addCleanup,
  createEffectNode,
  disposeEffect,
  type EffectNode,
  requireFunction,
} from "#engine";
import { checkName, requireObject } from "./options.js";
import { checkPriority, type Priority } from "./priority.js";

/** Options of {@link createEffect}. */
export interface EffectOptions {
  /** For error messages and inspection. */
  name?: string | undefined;
  /** Default "normal", which is 0. Integers between the names' own may be used. */
  priority?: Priority | undefined;
}

/** What an effect may return: a cleanup, or nothing. */
export type EffectResult = void | (() => void);

/**
 * Creates an effect: runs `fn` at once, and again whenever something that it read has changed - at
 * the end of the outermost batch or transaction, else in a microtask.
 *
 * An effect that is created inside another belongs to it, and ends before its next run.
 *
 * @param fn May return a cleanup, which runs before the next run and at the end.
 * @param options `name`, `priority`.
 * @returns Disposes the effect; may be called at any time and more than once.
 * @throws What the first run throws; the effect is disposed then. TypeError for bad arguments.
 * @example
 * const dispose = createEffect(() => {
 *   const timer = setInterval(poll, interval.get());
 *   return () => clearInterval(timer);
 * });
 */
export function createEffect(fn: () => EffectResult, options?: EffectOptions): () => void {
  requireFunction("fn", fn);
  let name: string | undefined;
  let priority = 0;
  if (options !== undefined) {
    requireObject("options", options);
    name = checkName(options);
    priority = checkPriority(options);
  }
  return dispose.bind(
    createEffectNode(fn, name === undefined ? null : { name, of: null }, priority),
  );
}

function dispose(this: EffectNode): void {
  disposeEffect(this);
}

/**
 * Registers a function to be called before the running effect's next run and when it ends, the last
 * registered first. Outside an effect it does nothing.
 *
 * @param fn Its reads are not tracked; what it throws is reported.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when `fn` is not a function.
 * @example
 * createEffect(() => {
 *   const socket = connect(address.get());
 *   onCleanup(() => socket.close());
 * });
 */
export function onCleanup(fn: () => void): void {
  requireFunction("fn", fn);
  addCleanup(fn);
}
