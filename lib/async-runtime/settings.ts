/**
 * What the options say of a cell, whatever starts its runs. Cells that were asked for nothing special, as
 * most are, share one.
 */

import { ownOption } from "../core/options.js";
import type { StateOptions } from "./options.js";
import { booleanOption, callbacksOf, NONE, PLAIN, SILENT, stateOptionsOf } from "./options.js";
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

/** Checks the options of a cell that are not of its kind alone. */
export function settingsOf<T, E>(options: object, kind: "resource" | "stream"): CellSettings<T, E> {
  /* Nothing in it depends on the types. */
  const shared = DEFAULT as unknown as CellSettings<T, E>;
  if (options === NONE) return shared;
  const isStream = kind === "stream";
  const effect = isStream ? "Effect" : "";
  const initial = ownOption(options, "initialValue") as T | undefined;
  const callbacks = callbacksOf<T, E>(options, `onError${effect}`, `onCancel${effect}`);
  const keepsPrevious = isStream || booleanOption(options, "keepPreviousValueOnPending", true);
  const states = stateOptionsOf<T>(options, kind);
  const plan = planOf(options);
  const isPlain = callbacks === SILENT && keepsPrevious && states === PLAIN && plan === null;
  return isPlain && initial === undefined
    ? shared
    : { initial, callbacks, keepsPrevious, states, plan };
}
