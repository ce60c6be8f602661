/**
 * When a failed attempt is repeated, and how much later.
 */
import { invalidArgument, LONGEST_MS, reportUncaught, untracked } from "#engine";
import { ownOption } from "../core/options.js";
import { functionOption, msOption } from "./options.js";

/** How a cell repeats what has failed. */
export interface RetryOptions {
  /** How often at most; may be Infinity, and then the waiting does not keep the process alive. */
  readonly count: number;
  /** Milliseconds before each further attempt. */
  readonly delayMs?: number | undefined;
  /**
   * Milliseconds before the next attempt, when attempt number `attempt` (1, 2, ...) has failed.
   * Without it and `delayMs`: 100, 200, 400 and so on.
   */
  readonly backoff?: ((attempt: number) => number) | undefined;
  /** No delay is longer. Default 30,000. */
  readonly maxDelayMs?: number | undefined;
  /**
   * The part of a delay that is random: `true` is all of it, 0.2 leaves at least 80 %. Default none.
   */
  readonly jitter?: boolean | number | undefined;
  /** Whether to repeat after this error. Default: always. */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined;
}

export interface Retry {
  readonly count: number;
  readonly delayOf: (attempt: number) => number;
  readonly maxDelayMs: number;
  readonly jitter: number;
  readonly when: ((error: unknown, attempt: number) => boolean) | undefined;
}

const COUNT = "an integer that is not negative, or Infinity";

function checkCount(name: string, count: unknown): number {
  const isCount = count === Number.POSITIVE_INFINITY || Number.isSafeInteger(count);
  if (!isCount || (count as number) < 0) throw invalidArgument(name, COUNT, count);
  return count as number;
}

function checkJitter(jitter: unknown): number {
  if (jitter === undefined || jitter === false) return 0;
  if (jitter === true) return 1;
  if (typeof jitter === "number" && jitter >= 0 && jitter <= 1) return jitter;
  throw invalidArgument("options.retry.jitter", "true, false or a number from 0 to 1", jitter);
}

/** Checks the option `retry`; null when nothing is repeated. */
export function retryOf(options: object): Retry | null {
  const retry = ownOption(options, "retry");
  if (retry === undefined || retry === 0) return null;
  const given =
    typeof retry === "number" ? { count: checkCount("options.retry", retry) } : (retry as object);
  if (typeof given !== "object" || given === null)
    throw invalidArgument("options.retry", "a number or an object with count", retry);
  const delayMs = msOption(given, "delayMs", "options.retry");
  const backoff = functionOption<(attempt: number) => number>(given, "backoff", "options.retry");
  return {
    count: checkCount("options.retry.count", ownOption(given, "count")),
    delayOf: backoff ?? ((attempt) => delayMs ?? 100 * 2 ** (attempt - 1)),
    maxDelayMs: msOption(given, "maxDelayMs", "options.retry") ?? 30_000,
    jitter: checkJitter(ownOption(given, "jitter")),
    when: functionOption(given, "when", "options.retry"),
  };
}

/**
 * Milliseconds until the next attempt, or null when there is none. What a function of the option
 * throws is reported, and the run ends with its own error.
 */
export function delayAfter(retry: Retry, attempt: number, error: unknown): number | null {
  if (attempt > retry.count) return null;
  try {
    return untracked(() => {
      if (retry.when !== undefined && !retry.when(error, attempt)) return null;
      const asked = Number(retry.delayOf(attempt)) || 0;
      const delay = Math.min(Math.max(asked, 0), retry.maxDelayMs, LONGEST_MS);
      return delay * (1 - retry.jitter * Math.random());
    });
  } catch (thrown) {
    reportUncaught(thrown);
    return null;
  }
}
