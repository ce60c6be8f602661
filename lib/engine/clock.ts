/**
 * Time, for everything that waits or writes down when something happened. A program
 * can put its own clock here: tests and simulations do not wait.
 */
import { invalidArgument } from "./errors.js";

/** What the cells take their time from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds and never before it returns. */
  setTimeout(fn: () => void, ms: number): unknown;
  /** Forgets a timer, by what `setTimeout` returned. */
  clearTimeout(handle: unknown): void;
}

/** Takes a timer back; does nothing once it has fired. */
export type Stop = () => void;

/** The longest that a timer of Node can wait; a longer one would fire at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** Timers are taken at load: a program may replace the global ones. */
const startTimeout = setTimeout;
const stopTimeout = clearTimeout;

const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => startTimeout(fn, ms),
  clearTimeout: (handle) => stopTimeout(handle as NodeJS.Timeout),
};

let clock = systemClock;

/**
 * Replaces the clock: timeouts, delays of retries, debouncing, polling, `updatedAt` and the `ts` of
 * events go by it from now on. Timers that are running stay with the clock that they were started on.
 *
 * @param next The new clock, or null for the system's.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is not a clock.
 * @example
 * let time = 0;
 * const timers = new Map();
 * setClock({
 *   now: () => time,
 *   setTimeout: (fn, ms) => { const id = Symbol(); timers.set(id, { fn, at: time + ms }); return id; },
 *   clearTimeout: (id) => timers.delete(id),
 * });
 */
export function setClock(next: Clock | null): void {
  if (next !== null) {
    if (typeof next !== "object") throw invalidArgument("clock", "a clock or null", next);
    for (const method of ["now", "setTimeout", "clearTimeout"] as const)
      if (typeof next[method] !== "function")
        throw invalidArgument(`clock.${method}`, "a function", next[method]);
  }
  clock = next ?? systemClock;
}

/** Milliseconds since the epoch. */
export function now(): number {
  return clock.now();
}

/**
 * Calls `fn` after `ms` milliseconds.
 *
 * @param keepsAlive Whether the process waits for it. What goes on for ever must not, and neither
 *   must what only limits other work.
 */
export function after(ms: number, fn: () => void, keepsAlive: boolean): Stop {
  const started = clock;
  const handle = started.setTimeout(fn, ms);
  if (!keepsAlive) (handle as { unref?: () => void } | null | undefined)?.unref?.();
  return () => started.clearTimeout(handle);
}
