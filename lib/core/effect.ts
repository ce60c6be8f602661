import {
  addCleanup,
  createEffectNode,
  disposeEffect,
  type EffectNode,
  invalidArgument,
  requireFunction,
} from "#engine";
import { checkName, ownOption } from "./options.js";

/** When an effect runs among those that are due: by name or number, lower is earlier. */
export type Priority = "immediate" | "user-blocking" | "normal" | "background" | number;

/** Options of {@link createEffect}. */
export interface EffectOptions {
  /** For error messages and inspection. */
  name?: string | undefined;
  /** Default "normal", which is 0. Integers between the names' own may be used. */
  priority?: Priority | undefined;
}

const PRIORITIES: ReadonlyMap<unknown, number> = new Map([
  ["immediate", -200],
  ["user-blocking", -100],
  ["normal", 0],
  ["background", 100],
]);

function checkPriority(options: object): number {
  const priority = ownOption(options, "priority");
  if (priority === undefined) return 0;
  const named = PRIORITIES.get(priority);
  if (named !== undefined) return named;
  if (typeof priority === "number" && (priority | 0) === priority) return priority;
  throw invalidArgument("options.priority", "a priority name or a 32-bit integer", priority);
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
    if (typeof options !== "object" || options === null)
      throw invalidArgument("options", "an object", options);
    name = checkName(options);
    priority = checkPriority(options);
  }
  return dispose.bind(createEffectNode(fn, name === undefined ? null : { name }, priority));
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
