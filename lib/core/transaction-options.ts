/**
 * The options of transactions, and how they are checked.
 */
import {
  defaultBackoff,
  invalidArgument,
  type Merge,
  requireFunction,
  type SignalNode,
  signalOf,
  type TransactionSettings,
} from "#engine";
import { checkName, checkSignal, ownOption, requireObject } from "./options.js";
import { checkPriority, type Priority } from "./priority.js";

/** Anything with `get`, such as a signal or a computed. */
export interface Readable<T> {
  readonly get: () => T;
}

/** Anything with `get` and `set`, such as a signal. */
export interface Writable<T> extends Readable<T> {
  readonly set: (value: T) => void;
}

/** Makes one value of two that were committed side by side. */
export type MergeFunction<T> = (base: T, theirs: T, mine: T) => T;

/* In one list there are signals of different types. A parameter of type never takes whatever is given,
 * and a function that says what it takes is checked by itself. */
interface AnyWritable {
  readonly get: () => unknown;
  readonly set: (value: never) => void;
}
type AnyMerge = (base: never, theirs: never, mine: never) => unknown;

/** Options of {@link transaction}. Those about conflicts are for asynchronous ones: others have none. */
export interface TransactionOptions {
  /** For error messages. */
  name?: string | undefined;
  /**
   * What follows when a signal that it wrote was also written by somebody else since it began:
   * "abort" (default) rejects with a TransactionConflictError, "retry" runs the function again,
   * "overwrite" commits all the same.
   */
  onConflict?: "abort" | "retry" | "overwrite" | undefined;
  /** With "retry": how often the function is run again before it fails after all. Default 10. */
  retries?: number | undefined;
  /**
   * Milliseconds before it is run again, or a function of the number of runs so far. Default: none the
   * first time, then about 2, 4, 8 and so on, up to a second, of which a random half.
   */
  backoffMs?: number | ((attempt: number) => number) | undefined;
  /**
   * Merges conflicts: a function for all signals, which gets the name as fourth argument, or a list of
   * pairs of a signal and its function. A signal may also have a `merge` of its own.
   */
  merge?:
    | ((base: unknown, theirs: unknown, mine: unknown, signal: string) => unknown)
    | Iterable<readonly [AnyWritable, AnyMerge]>
    | undefined;
  /**
   * "snapshot" (default): it reads the state as of its beginning, and what it writes nobody else may
   * have written. "serializable": what it has read nobody may have written either.
   */
  isolation?: "snapshot" | "serializable" | undefined;
  /** Aborts it: the promise rejects with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** Later than "normal", the commit of an asynchronous transaction waits for its turn in the queue. */
  priority?: Priority | undefined;
}

function checkWord<W extends string>(
  options: object,
  key: string,
  words: readonly W[],
): W | undefined {
  const word = ownOption(options, key);
  if (word !== undefined && !words.includes(word as W))
    throw invalidArgument(`options.${key}`, `one of "${words.join('", "')}"`, word);
  return word as W | undefined;
}

function checkRetries(options: object, onConflict: string): number {
  const retries = ownOption(options, "retries");
  if (retries === undefined) return onConflict === "retry" ? 10 : 0;
  if (typeof retries !== "number" || !(retries >= 0) || retries !== Math.floor(retries))
    throw invalidArgument("options.retries", "an integer from 0, or Infinity", retries);
  return retries;
}

function checkBackoff(options: object): (attempt: number) => number {
  const backoff = ownOption(options, "backoffMs");
  if (backoff === undefined) return defaultBackoff;
  if (typeof backoff === "function") return backoff as (attempt: number) => number;
  if (typeof backoff !== "number" || !(backoff >= 0))
    throw invalidArgument("options.backoffMs", "milliseconds from 0, or a function", backoff);
  return () => backoff;
}

/** The node of a signal's handle. */
export function requireSignal(name: string, target: unknown): SignalNode {
  const peek = (target as { readonly peek?: unknown } | null | undefined)?.peek;
  const node = typeof peek === "function" ? signalOf(peek as () => unknown) : null;
  if (node === null) throw invalidArgument(name, "a signal", target);
  return node;
}

function checkMerge(options: object): TransactionSettings["merge"] {
  const merge = ownOption(options, "merge");
  if (merge === undefined) return null;
  if (typeof merge === "function") return merge as TransactionSettings["merge"];
  if (typeof merge !== "object" || merge === null || !(Symbol.iterator in merge))
    throw invalidArgument("options.merge", "a function or a list of pairs", merge);
  const merges = new Map<SignalNode, Merge<unknown>>();
  for (const pair of merge as Iterable<readonly [unknown, unknown]>) {
    const node = requireSignal("options.merge[][0]", pair?.[0]);
    requireFunction("options.merge[][1]", pair[1]);
    merges.set(node, pair[1] as Merge<unknown>);
  }
  return merges;
}

/** Checks the options of a transaction. */
export function checkTransactionOptions(options: unknown): TransactionSettings {
  requireObject("options", options);
  const onConflict = checkWord(options, "onConflict", ["abort", "retry", "overwrite"]) ?? "abort";
  const isolation = checkWord(options, "isolation", ["snapshot", "serializable"]);
  return {
    name: checkName(options),
    onConflict,
    retries: checkRetries(options, onConflict),
    backoff: checkBackoff(options),
    merge: checkMerge(options),
    serializable: isolation === "serializable",
    signal: checkSignal(options),
    priority: checkPriority(options),
  };
}
