import {
  type Attempt,
  enableContext,
  invalidArgument,
  requireFunction,
  runEntered,
  runTransaction,
} from "#engine";
import { ownOption, requireObject } from "./options.js";
import {
  checkTransactionOptions,
  type Readable,
  requireSignal,
  type TransactionOptions,
  type Writable,
} from "./transaction-options.js";

/** A value, or what makes it of the previous one. */
type NewValue<T> = T | ((previous: T) => T);

/** Throws unless what a transaction is to work on has this method. */
function requireMethod(name: string, target: unknown, method: "get" | "set", what: string): void {
  if (typeof (target as { [method]?: unknown } | null | undefined)?.[method] !== "function")
    throw invalidArgument(name, what, target);
}

/**
 * The handle of a transaction, for code that runs outside its asynchronous context. Every method
 * works detached.
 */
export interface TransactionHandle {
  /**
   * Reads a signal or computed as the transaction sees it; after its commit, as it is.
   *
   * @throws TypeError (`ERR_SK_INVALID_ARG`) when `source` has no `get`.
   */
  readonly get: <T>(source: Readable<T>) => T;
  /**
   * Writes a signal in the transaction: a value, or what a function makes of the one that the transaction
   * sees. A function as value goes through the function form, as with `signal.set`. After the commit it is
   * a plain write.
   *
   * @throws TransactionAbortedError when it has ended without a commit. TypeError (`ERR_SK_INVALID_ARG`)
   *   when `target` has no `set`.
   */
  readonly set: <T>(target: Writable<T>, value: NewValue<NoInfer<T>>) => void;
  /**
   * Runs `fn` in the transaction, up to its first await; after its commit, in the committed state.
   * When it has ended without one, what `fn` writes is refused.
   *
   * @throws What `fn` throws.
   */
  readonly run: <T>(fn: () => T) => T;
  /**
   * Writes a signal in the transaction, and shows the value to everybody at once: a value, or what a
   * function makes of the one that is shown. Where another transaction hopes for that, the function, which
   * must be pure, is called twice: what is written is made of what this transaction sees. The commit makes
   * it lasting, or the value that `set` has put in its place; without a commit it is taken back. Somebody
   * else's plain write replaces it.
   *
   * @throws TypeError (`ERR_SK_INVALID_ARG`) when `target` is not a signal of this library.
   *   TransactionAbortedError when the transaction has ended without a commit, DisposedError after one.
   */
  readonly optimistic: <T>(target: Writable<T>, value: NewValue<NoInfer<T>>) => void;
  /** Aborted when this run of the transaction ends without a commit. */
  readonly signal: AbortSignal;
}

/** Its methods are made when they are asked for: most transactions need none. */
class Handle implements TransactionHandle {
  readonly #attempt: Attempt;

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
  }

  get run(): TransactionHandle["run"] {
    const attempt = this.#attempt;
    return (fn) => {
      requireFunction("fn", fn);
      return runEntered(attempt, fn);
    };
  }

  get get(): TransactionHandle["get"] {
    const { run } = this;
    return (source) => {
      requireMethod("source", source, "get", "a signal or computed");
      return run(source.get);
    };
  }

  get set(): TransactionHandle["set"] {
    const { run } = this;
    return (target, value) => {
      requireMethod("target", target, "set", "a signal");
      run(() => target.set(value as never));
    };
  }

  get optimistic(): TransactionHandle["optimistic"] {
    const attempt = this.#attempt;
    return (target, value) => attempt.show(requireSignal("target", target), value);
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }
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
  const settings = options === undefined ? undefined : checkTransactionOptions(options);
  return runTransaction(fn, (attempt) => fn(new Handle(attempt)), settings) as T;
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
  requireObject("configuration", configuration);
  const asyncContext = ownOption(configuration, "asyncContext");
  if (asyncContext === undefined) return;
  if (typeof asyncContext !== "boolean")
    throw invalidArgument("configuration.asyncContext", "a boolean", asyncContext);
  enableContext(asyncContext);
}
