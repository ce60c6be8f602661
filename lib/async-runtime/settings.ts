/**
 * What the options say of a cell, whatever starts its runs. Cells that were asked for nothing special, as
 * most are, share one.
 */

import type { StateOptions } from "./options.js";
import {
  booleanOption,
  callbacksOf,
  NONE,
  PLAIN,
  SILENT,
  stateOptionsOf,
  valueOption,
} from "./options.js";
import { type Plan, planOf } from "./plan.js";
import type { AsyncCallbacks } from "./types.js";

export interface CellSettings<T, E> {
  readonly initial: T | undefined;
  readonly callbacks: AsyncCallbacks<T, E>;
  /** Whether the value stays while a run is pending; of single-shot cells. */
  readonly keepsPrevious: boolean;
  readonly states: StateOptions<T | undefined>;
  readonly plan: Plan | null;
}

const DEFAULT: CellSettings<never, never> = {
  initial: undefined,
  callbacks: SILENT,
  keepsPrevious: true,
  states: PLAIN,
  plan: null,
};

/** Nothing in it depends on the types. */
function defaultSettings<T, E>(): CellSettings<T, E> {
  return DEFAULT as unknown as CellSettings<T, E>;
}

function shared<T, E>(settings: CellSettings<T, E>): CellSettings<T, E> {
  const { initial, callbacks, keepsPrevious, states, plan } = settings;
  const isDefault =
    initial === undefined &&
    callbacks === SILENT &&
    keepsPrevious &&
    states === PLAIN &&
    plan === null;
  return isDefault ? defaultSettings() : settings;
}

/** Checks the options of a single-shot cell. */
export function singleSettings<T, E>(options: object): CellSettings<T, E> {
  if (options === NONE) return defaultSettings();
  return shared({
    initial: valueOption(options, "initialValue") as T | undefined,
    callbacks: callbacksOf<T, E>(options, "onError", "onCancel"),
    keepsPrevious: booleanOption(options, "keepPreviousValueOnPending", true),
    states: stateOptionsOf<T>(options, "resource"),
    plan: planOf(options),
  });
}

/** Checks the options of a stream that are not its own. */
export function streamSettings<T, E>(options: object): CellSettings<T, E> {
  if (options === NONE) return defaultSettings();
  return shared({
    initial: valueOption(options, "initialValue") as T | undefined,
    callbacks: callbacksOf<T, E>(options, "onErrorEffect", "onCancelEffect"),
    keepsPrevious: true,
    states: stateOptionsOf<T>(options, "stream"),
    plan: planOf(options),
  });
}
