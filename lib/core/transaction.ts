import { requireFunction, runEntered, runTransaction } from "#engine";

/** Anything with `get` and `set`, such as a signal. */
interface Writable<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
}

/**
 * The handle of a transaction, for code that runs outside its asynchronous context. Every method
 * works detached.
 */
export interface TransactionHandle {
  /** Reads a signal or computed as the transaction sees it. */
  readonly get: <T>(source: { readonly get: () => T }) => T;
  /** Writes a signal in the transaction. */
  readonly set: <T>(target: Writable<T>, value: T) => void;
  /** Runs `fn` in the transaction, up to its first await. */
  readonly run: <T>(fn: () => T) => T;
}

/**
 * Runs `fn` as a transaction: all its writes become visible together, or none.
 *
 * With a synchronous function a throw puts every value back, runs no effect and is rethrown. Inside
 * another transaction it is a savepoint: what it rolls back is only its own.
 *
 * With an `async` function the writes are staged, before and after an await: the function sees them,
 * everybody else sees the committed state until it fulfils. A rejection leaves no trace.
 *
 * @param fn Takes the transaction's handle, which is needed only in callbacks that lost its context.
 * @returns What `fn` returns; of an async function a promise that settles after the commit.
 * @throws What `fn` throws, rolled back; what effects of the commit throw.
 * @example
 * transaction(() => {
 *   from.set((n) => n - 10);
 *   to.set((n) => n + 10);
 * });
 * await transaction(async () => {
 *   name.set(await askName());
 *   greeting.set(await translate(name.get()));
 * });
 */
export function transaction<T>(fn: (tx: TransactionHandle) => T): T {
  requireFunction("fn", fn);
  return runTransaction(fn, (staging) => {
    const run = <R>(inner: () => R): R => {
      requireFunction("fn", inner);
      return staging === null ? inner() : runEntered(staging, inner);
    };
    return fn({
      get: (source) => run(source.get),
      set: (target, value) =>
        run(() => target.set(typeof value === "function" ? ((() => value) as never) : value)),
      run,
    });
  }) as T;
}

/** The published name of {@link transaction}. */
export const atomic: typeof transaction = transaction;
