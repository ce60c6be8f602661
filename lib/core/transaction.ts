import {
  type Attempt,
  defaultBackoff,
  enableContext,
  invalidArgument,
  type Merge,
  requireFunction,
  runEntered,
  runTransaction,
  type SignalNode,
  signalOf,
  type TransactionSettings,
} from "#engine";
import { checkName, checkSignal, ownOption } from "./options.js";
import { checkPriority, type Priority } from "./priority.js";

/** Anything with `get`, such as a signal or a computed. */
interface Readable<T> {
  readonly get: () => T;
}

/** Anything with `get` and `set`, such as a signal. */
interface Writable<T> extends Readable<T> {
  readonly set: (value: T) => void;
}

/**
 * The handle of a transaction, for code that runs outside its asynchronous context. Every method
 * works detached.
 */
export interface TransactionHandle {
  /** Reads a signal or computed as the transaction sees it. */
  readonly get: <T>(source: { readonly get: () => T }) => T;
  /**
   * Writes a signal in the transaction.
   *
   * @throws TransactionAbortedError when it has ended without a commit.
   */
  readonly set: <T>(target: Writable<T>, value: T) => void;
  /** Runs `fn` in the transaction, up to its first await. */
  readonly run: <T>(fn: () => T) => T;
  /**
   * Writes a signal in the transaction, and shows the value to everybody at once. The commit makes it
   * lasting, or the value that `set` has put in its place; without a commit it is taken back. Somebody
   * else's plain write replaces it.
   *
   * @throws TypeError when `target` is not a signal of this library.
   */
  readonly optimistic: <T>(target: Writable<T>, value: T) => void;
  /** Aborted when this run of the transaction ends without a commit. */
  readonly signal: AbortSignal;
}

/** Makes one value of two that were committed side by side. */
export type MergeFunction<T> = (base: T, theirs: T, mine: T) => T;

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
    // biome-ignore lint/suspicious/noExplicitAny: a list of pairs of different types
    | Iterable<readonly [Writable<any>, MergeFunction<any>]>
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
function requireSignal(name: string, target: unknown): SignalNode {
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

function checkOptions(options: unknown): TransactionSettings {
  if (typeof options !== "object" || options === null)
    throw invalidArgument("options", "an object", options);
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

function handleOf(attempt: Attempt): TransactionHandle {
  const run = <R>(inner: () => R): R => {
    requireFunction("fn", inner);
    return runEntered(attempt, inner);
  };
  return {
    get: (source) => run(source.get),
    set: (target, value) =>
      run(() => target.set(typeof value === "function" ? ((() => value) as never) : value)),
    run,
    optimistic: (target, value) => attempt.show(requireSignal("target", target), value),
    get signal() {
      return attempt.signal;
    },
  };
}

/**
 * Runs `fn` as a transaction: all its writes become visible together, or none.
 *
 * With a synchronous function a throw puts every value back, runs no effect and is rethrown; so does a
 * computed that throws while it is decided which effects run. Inside another transaction it is a
 * savepoint: what it rolls back is only its own.
 *
 * With a function that returns a promise the writes are staged, before and after an await: the function
 * sees them over the state as of its beginning, everybody else sees the committed state until it
 * fulfils. Then the commit is one flush - unless somebody else has written the same signals meanwhile,
 * which is a conflict. A rejection, or an abort, leaves no trace, and what the function goes on to
 * write is refused. Inside another asynchronous transaction it is part of that, and ends with it.
 *
 * @param fn Takes the transaction's handle, which is needed only where there is no asynchronous context.
 * @param options `name`; `onConflict`, `retries`, `backoffMs`, `merge`, `isolation`; `signal`, `priority`.
 * @returns What `fn` returns; of an asynchronous function a promise that settles after the commit.
 * @throws What `fn` throws, rolled back; what effects of a synchronous commit throw. The promise rejects
 *   with what `fn` rejects with, with TransactionConflictError, the reason of `signal`, or
 *   TransactionAbortedError when its scope was disposed. TypeError (`ERR_SK_INVALID_ARG`) for bad
 *   arguments.
 * @example
 * transaction(() => {
 *   from.set((n) => n - 10);
 *   to.set((n) => n + 10);
 * });
 * await transaction(
 *   async () => {
 *     const price = await quote(item.get());
 *     balance.set((n) => n - price);
 *   },
 *   { onConflict: "retry", retries: 5 },
 * );
 */
export function transaction<T>(fn: (tx: TransactionHandle) => T, options?: TransactionOptions): T {
  requireFunction("fn", fn);
  const settings = options === undefined ? undefined : checkOptions(options);
  return runTransaction(fn, (attempt) => fn(handleOf(attempt)), settings) as T;
}

/** The published name of {@link transaction}. */
export const atomic: typeof transaction = transaction;

/** Options of {@link configureTransactions}. */
export interface TransactionsConfiguration {
  /**
   * Whether plain reads and writes belong to the transaction, and what is created to the scope, in whose
   * asynchronous context they are. Default: where the platform can tell (Node).
   */
  asyncContext?: boolean | undefined;
}

/**
 * Configures transactions of this process or worker.
 *
 * Without the asynchronous context every await is as cheap as without this library, and a transaction
 * works through its handle: `tx.get`, `tx.set`, `tx.run`. A plain write before the first await throws an
 * AsyncContextError, and so does a transaction whose function does not take the handle; after an await
 * a plain write is not part of it.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad options.
 * @example
 * configureTransactions({ asyncContext: false });
 */
export function configureTransactions(configuration: TransactionsConfiguration): void {
  if (typeof configuration !== "object" || configuration === null)
    throw invalidArgument("configuration", "an object", configuration);
  const asyncContext = ownOption(configuration, "asyncContext");
  if (asyncContext === undefined) return;
  if (typeof asyncContext !== "boolean")
    throw invalidArgument("configuration.asyncContext", "a boolean", asyncContext);
  enableContext(asyncContext);
}
