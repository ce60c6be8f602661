/**
 * Reading what the program passes: own properties only, so that a polluted Object.prototype is no
 * option, and each checked before anything is created.
 */
import { invalidArgument } from "#engine";
import type { AsyncCallbacks } from "./types.js";

type Callback = (...args: never[]) => unknown;

/** An options object, or an empty one when there is none. */
export function optionsOf(options: unknown): object {
  if (options === undefined) return {};
  if (typeof options !== "object" || options === null)
    throw invalidArgument("options", "an object", options);
  return options;
}

function own(options: object, key: string): unknown {
  return Object.hasOwn(options, key) ? (options as Record<string, unknown>)[key] : undefined;
}

/** An option that is a function, if it is there. */
export function functionOption<F extends Callback>(options: object, key: string): F | undefined {
  const value = own(options, key);
  if (value !== undefined && typeof value !== "function")
    throw invalidArgument(`options.${key}`, "a function", value);
  return value as F | undefined;
}

/** An option that is true or false. */
export function booleanOption(options: object, key: string, otherwise: boolean): boolean {
  const value = own(options, key);
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") throw invalidArgument(`options.${key}`, "a boolean", value);
  return value;
}

/** An option that is one of a few words. */
export function wordOption<W extends string>(
  options: object,
  key: string,
  words: readonly W[],
  otherwise: W,
): W {
  const value = own(options, key);
  if (value === undefined) return otherwise;
  if (!words.includes(value as W))
    throw invalidArgument(`options.${key}`, `one of "${words.join('", "')}"`, value);
  return value as W;
}

/** An option of any kind. */
export function valueOption(options: object, key: string): unknown {
  return own(options, key);
}

export function hasOption(options: object, key: string): boolean {
  return Object.hasOwn(options, key);
}

/** The callbacks of a single-shot cell. */
export function callbacksOf<T, E>(options: object): AsyncCallbacks<T, E> {
  return {
    onEvent: functionOption(options, "onEvent"),
    onSuccess: functionOption(options, "onSuccess"),
    onError: functionOption(options, "onError"),
    onCancel: functionOption(options, "onCancel"),
  };
}

/** The TypeError of a missing function, with the message that published programs know. */
export function missingFunction(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: "ERR_SK_INVALID_ARG" });
}
