/**
 * Reading what the program passes: each option is checked before anything is created.
 */
import {
  currentCollector,
  invalidArgument,
  LONGEST_MS,
  type NodeOptions,
  reportUncaught,
  type Whole,
} from "#engine";
import { checkName, ownOption, requireObject } from "../core/options.js";
import type { AsyncCallbacks } from "./types.js";

type Callback = (...args: never[]) => unknown;

/** Where no options are given. */
export const NONE: object = Object.freeze({});

/** An options object, or an empty one when there is none. */
export function optionsOf(options: unknown): object {
  if (options === undefined) return NONE;
  requireObject("options", options);
  return options;
}

/** An option that is a function, if it is there; `of` names the object for the error. */
export function functionOption<F extends Callback>(
  options: object,
  key: string,
  of = "options",
): F | undefined {
  const value = ownOption(options, key);
  if (value !== undefined && typeof value !== "function")
    throw invalidArgument(`${of}.${key}`, "a function", value);
  return value as F | undefined;
}

const MS = "a number of milliseconds, not negative and below 2 ** 31";

/** An option that is a time in milliseconds, if it is there. */
export function msOption(options: object, key: string, of = "options"): number | undefined {
  const value = ownOption(options, key);
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !(value >= 0 && value <= LONGEST_MS))
    throw invalidArgument(`${of}.${key}`, MS, value);
  return value;
}

/** An option that is true or false. */
export function booleanOption(options: object, key: string, otherwise: boolean): boolean {
  const value = ownOption(options, key);
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") throw invalidArgument(`options.${key}`, "a boolean", value);
  return value;
}

/** Shared by all cells that tell nobody. */
export const SILENT: AsyncCallbacks<never, never> = {
  onEvent: undefined,
  onSuccess: undefined,
  onError: undefined,
  onCancel: undefined,
};

/** The callbacks of a cell, under the names that its kind has for them. */
export function callbacksOf<T, E>(
  options: object,
  onErrorName: string,
  onCancelName: string,
): AsyncCallbacks<T, E> {
  const onEvent = functionOption<(event: unknown) => void>(options, "onEvent");
  const onSuccess = functionOption<(value: T) => void>(options, "onSuccess");
  const onError = functionOption<(error: E) => void>(options, onErrorName);
  const onCancel = functionOption<(reason: unknown) => void>(options, onCancelName);
  return (onEvent ?? onSuccess ?? onError ?? onCancel) === undefined
    ? (SILENT as AsyncCallbacks<T, E>)
    : { onEvent, onSuccess, onError, onCancel };
}

/** Options of one of them; `of` becomes the cell. */
interface PartOptions<T> extends NodeOptions<T> {
  of: Whole | null;
}

/** What the signals of a cell are created with. */
export interface StateOptions<T> {
  readonly value: PartOptions<T> | null;
  /* Named at most: nothing in them depends on the type of the value. */
  readonly status: PartOptions<unknown> | null;
  readonly error: PartOptions<unknown> | null;
}

/** Shared by all cells without a name and a comparison. */
export const PLAIN = { value: null, status: null, error: null };

/**
 * The options `equals` and `name`. The comparison is not asked about undefined, which stands for "no
 * value" here. One that throws must not keep an outcome from being committed: what it throws is
 * reported, and the values count as different.
 *
 * @throws SnapshotError when the name is taken where names are collected.
 */
export function stateOptionsOf<T>(
  options: object,
  kind: "resource" | "stream",
): StateOptions<T | undefined> {
  const name = checkName(options);
  if (name !== undefined) currentCollector()?.check(name, kind);
  const given = ownOption(options, "equals");
  const equals =
    given === false ? false : functionOption<(a: T, b: T) => boolean>(options, "equals");
  if (name === undefined && equals === undefined) return PLAIN;
  const compare = (a: T | undefined, b: T | undefined): boolean => {
    if (a === undefined || b === undefined) return a === b;
    try {
      return (equals as (a: unknown, b: unknown) => boolean)(a, b);
    } catch (error) {
      reportUncaught(error);
      return false;
    }
  };
  const named = (part: string) =>
    name === undefined ? null : { equals: null, name: `${name}.${part}`, of: null };
  return {
    value: { equals: equals === undefined ? null : equals && compare, name, of: null },
    status: named("status"),
    error: named("error"),
  };
}

/** The TypeError of a missing function, with the message that published programs know. */
export function missingFunction(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: "ERR_SK_INVALID_ARG" });
}
