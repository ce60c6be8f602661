/**
 * What a program may say of a transaction.
 */
import type { Merge, SignalNode } from "./node.js";

/** Makes one value of two, for any signal, which it gets by its name. */
export type MergeAll = (base: unknown, theirs: unknown, mine: unknown, signal: string) => unknown;

export interface TransactionSettings {
  readonly name: string | undefined;
  /** What follows when somebody else has written what it wrote (serializable: or read). */
  readonly onConflict: "abort" | "retry" | "overwrite";
  /** How often it is run again. */
  readonly retries: number;
  /** Milliseconds before the run that follows `attempt` runs. */
  readonly backoff: (attempt: number) => number;
  readonly merge: MergeAll | ReadonlyMap<SignalNode, Merge<unknown>> | null;
  readonly serializable: boolean;
  readonly signal: AbortSignal | undefined;
  /** Lower commits earlier; above 0 the commit waits for its turn in the queue. */
  readonly priority: number;
}

/** At most so long waits a transaction before it is run again. */
const LONGEST_BACKOFF_MS = 1000;

/**
 * The first repetition follows at once, as often the other transaction is over; then the time doubles,
 * and a random half of it keeps two transactions from meeting again and again ("exponential backoff and
 * jitter").
 */
export function defaultBackoff(attempt: number): number {
  if (attempt <= 1) return 0;
  const most = Math.min(2 ** (attempt - 1), LONGEST_BACKOFF_MS);
  return most / 2 + (Math.random() * most) / 2;
}

/** Of a transaction without options. */
export const DEFAULT_SETTINGS: TransactionSettings = {
  name: undefined,
  onConflict: "abort",
  retries: 0,
  backoff: defaultBackoff,
  merge: null,
  serializable: false,
  signal: undefined,
  priority: 0,
};
