/**
 * What a success makes out of date.
 */
import { invalidArgument, reportUncaught, untracked } from "#engine";
import { notify } from "./callbacks.js";
import { commit } from "./commit.js";

type Method = (this: unknown, input?: unknown) => unknown;

/** `invalidate` or `reload` of a target, bound to it. */
function methodOf(target: unknown): ((input: unknown) => unknown) | null {
  if ((typeof target !== "object" || target === null) && typeof target !== "function") return null;
  const { invalidate, reload } = target as Partial<Record<"invalidate" | "reload", unknown>>;
  if (typeof invalidate === "function")
    return (input) => (invalidate as Method).call(target, input);
  if (typeof reload === "function") return () => (reload as Method).call(target);
  return null;
}

const EXPECTED = "a target with invalidate or reload, a function, or a list of them";

/** Checks the option before anything is created. */
export function checkInvalidates(option: unknown): void {
  const list: unknown[] = Array.isArray(option) ? option : [option];
  for (const each of list)
    if (each !== undefined && typeof each !== "function" && methodOf(each) === null)
      throw invalidArgument("options.invalidates", EXPECTED, each);
}

/** The targets that a function of the option names. */
function namedBy(option: unknown, input: unknown, value: unknown): unknown {
  if (typeof option !== "function") throw invalidArgument("options.invalidates", EXPECTED, option);
  const named: unknown = untracked(() => option(input, value));
  if (typeof named === "function" && methodOf(named) === null)
    throw invalidArgument("options.invalidates()", "a target, or a list of them", named);
  return named;
}

/** Reaches every target, whatever one of them throws. */
function reach(option: unknown, input: unknown, value: unknown): void {
  if (option === undefined || option === null) return;
  if (Array.isArray(option)) {
    for (const each of option) reach(each, input, value);
    return;
  }
  const method = methodOf(option);
  if (method !== null) {
    notify(null, method, input);
    return;
  }
  try {
    reach(namedBy(option, input, value), input, value);
  } catch (error) {
    reportUncaught(error);
  }
}

/** Invalidates all targets of the option together: who depends on several runs once. */
export function invalidateAll(option: unknown, input: unknown, value: unknown): void {
  commit(() => reach(option, input, value));
}
