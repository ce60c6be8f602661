/**
 * Options that signals and computeds share, and how they are checked.
 */
import {
  invalidArgument,
  type NodeOptions,
  requireFunction,
  type SignalNodeOptions,
} from "#engine";

/** Tells whether two values count as the same. */
export type EqualsFn<T> = (a: T, b: T) => boolean;

/** How values are compared: a function, or `false` for "always different". Default: `Object.is`. */
export type EqualsOption<T> = EqualsFn<T> | false;

/** Options of {@link computed}. */
export interface ComputedOptions<T> {
  /** How a new value is compared with the old one. Default: `Object.is`. */
  equals?: EqualsOption<T> | undefined;
  /** For error messages and inspection. */
  name?: string | undefined;
}

/** Options of {@link signal}. */
export interface SignalOptions<T> extends ComputedOptions<T> {
  /**
   * Merges what a transaction has written with what somebody else has committed since it began: `base`
   * is what both came from. Without it that is a conflict.
   */
  merge?: ((base: T, theirs: T, mine: T) => T) | undefined;
}

/** Taken at load: a program may replace the global ones. */
const { getPrototypeOf, hasOwn } = Object;

/** Whether it comes from a class, and not from the end of the chain, which all objects share. */
function isOfClass(options: object, key: string): boolean {
  let at: object | null = getPrototypeOf(options);
  while (at !== null) {
    const next: object | null = getPrototypeOf(at);
    if (next !== null && hasOwn(at, key)) return true;
    at = next;
  }
  return false;
}

/** Whether an options object has an option, as {@link ownOption} finds it. */
export function hasOption(options: object, key: string): boolean {
  return hasOwn(options, key) || (key in options && isOfClass(options, key));
}

/**
 * An option: a property of the object, or of its class, which may have getters for it. What stands on a
 * polluted Object.prototype is nobody's option.
 */
export function ownOption(options: object, key: string): unknown {
  return hasOption(options, key) ? (options as Record<string, unknown>)[key] : undefined;
}

/** Throws a TypeError (`ERR_SK_INVALID_ARG`) unless `value`, an argument with this name, is an object. */
export function requireObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null) throw invalidArgument(name, "an object", value);
}

/** An option that is a text, if it is there. */
export function textOption(options: object, key: string): string | undefined {
  const text = ownOption(options, key);
  if (text !== undefined && typeof text !== "string")
    throw invalidArgument(`options.${key}`, "a string", text);
  return text;
}

/** An option that is one of a few words; `otherwise` where it is not there. */
export function wordOption<const W extends string, const Otherwise extends string | undefined>(
  options: object,
  key: string,
  words: readonly W[],
  otherwise: Otherwise,
): W | Otherwise {
  const word = ownOption(options, key);
  if (word === undefined) return otherwise;
  if (!words.includes(word as W))
    throw invalidArgument(`options.${key}`, `one of "${words.join('", "')}"`, word);
  return word as W;
}

/** Checks an optional name. */
export function checkName(options: object): string | undefined {
  return textOption(options, "name");
}

/** Checks an optional AbortSignal. */
export function checkSignal(options: object): AbortSignal | undefined {
  const signal = ownOption(options, "signal");
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument("options.signal", "an AbortSignal", signal);
  return signal;
}

/** Checks the options of a signal; null: nothing special. */
export function checkSignalOptions<T>(
  argument: EqualsOption<T> | SignalOptions<T> | undefined,
): SignalNodeOptions<T> | null {
  const options = checkOptions(argument);
  if (options === null || typeof argument !== "object") return options;
  const merge = ownOption(argument, "merge");
  if (merge === undefined) return options;
  requireFunction("options.merge", merge);
  return { ...options, merge: merge as SignalNodeOptions<T>["merge"] };
}

/** Checks what was given where `equals` or an options object may stand; null: nothing special. */
export function checkOptions<T>(
  argument: EqualsOption<T> | ComputedOptions<T> | undefined,
): NodeOptions<T> | null {
  if (argument === undefined) return null;
  if (typeof argument === "function" || argument === false)
    return { equals: argument, name: undefined, of: null };
  if (typeof argument !== "object" || argument === null)
    throw invalidArgument("equals", "a function, false or an options object", argument);
  const equals = ownOption(argument, "equals");
  if (equals !== undefined && equals !== false && typeof equals !== "function")
    throw invalidArgument("options.equals", "a function or false", equals);
  const name = checkName(argument);
  return { equals: (equals ?? null) as NodeOptions<T>["equals"], name, of: null };
}
