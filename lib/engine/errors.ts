/**
 * Every error that the library raises: a class with a stable `code`, so that programs can tell them
 * apart without reading messages. Messages name nodes, never values.
 */
import { SK_E_LIMIT, SK_E_NO_MEMORY, SK_ERROR_CODES } from "./layout.js";

/**
 * Base class of the library's own errors.
 *
 * @example
 * try { total.get(); } catch (error) {
 *   if (error instanceof SignalKernelError) console.error(error.code);
 * }
 */
export class SignalKernelError extends Error {
  static override readonly name: string = "SignalKernelError";
  /** Stable identifier, `ERR_SK_...`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Given as text, not taken from the class: minifiers rename classes. */
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * A computed depends on itself. `path` names the computeds of the cycle, the first one again last; a
 * computed that catches the error inside the cycle cuts it short.
 */
export class CycleError extends SignalKernelError {
  static override readonly name = "CycleError";
  readonly path: readonly string[];
  /** The computed that was read while it ran, until the error has come back to it. */
  #start: object | null;

  /** Raised where `start` is read by something that it has called. */
  constructor(start: object, name: string) {
    super("ERR_SK_CYCLE", "");
    this.#start = start;
    this.path = [name];
    this.#describe();
  }

  /** The run of `node` ends with this error: on the way back it is the next link of the cycle. */
  passed(node: object, name: string): void {
    if (this.#start === null) return;
    (this.path as string[]).unshift(name);
    if (node === this.#start) this.#start = null;
    this.#describe();
  }

  #describe(): void {
    this.message = `Cycle of computeds: ${this.path.join(" -> ")}. Break it by reading one of them with peek() or untracked().`;
  }
}

/** A signal was written while a computed was being evaluated. */
export class WriteInComputedError extends SignalKernelError {
  static override readonly name = "WriteInComputedError";
  constructor(signal: string, computed: string) {
    super(
      "ERR_SK_WRITE_IN_COMPUTED",
      `Signal ${signal} was written inside computed ${computed}. A computed must only read; write in an effect or an event instead.`,
    );
  }
}

/** An effect kept waking itself, alone or through others. */
export class EffectLoopError extends SignalKernelError {
  static override readonly name = "EffectLoopError";
  constructor(effect: string, runs: number) {
    super(
      "ERR_SK_EFFECT_LOOP",
      `Effect ${effect} ran ${runs} times in one flush: it keeps writing what wakes it. It was stopped until the next change; read what it writes with peek() or untracked().`,
    );
  }
}

/** The beginning of a message about a transaction. */
export function transactionName(name: string | undefined): string {
  return name === undefined ? "The transaction" : `Transaction ${name}`;
}

/**
 * Signals that an asynchronous transaction wrote - or, when it is serializable, read - were written by
 * somebody else since it began. Nothing of it was committed.
 */
export class TransactionConflictError extends SignalKernelError {
  static override readonly name = "TransactionConflictError";
  /** The names of the signals. */
  readonly signals: readonly string[];

  constructor(transaction: string | undefined, signals: readonly string[], attempts: number) {
    const tried = attempts > 1 ? ` ${attempts} times` : "";
    super(
      "ERR_SK_TRANSACTION_CONFLICT",
      `${transactionName(transaction)} was in conflict${tried} on ${signals.join(", ")}: somebody else committed since it began. Nothing was committed; use onConflict: "retry", or merge.`,
    );
    this.signals = signals;
  }
}

/** An asynchronous transaction was aborted: it has no effect, and its code must not write any more. */
export class TransactionAbortedError extends SignalKernelError {
  static override readonly name = "TransactionAbortedError";
  constructor(transaction: string | undefined, cause?: string) {
    super(
      "ERR_SK_TRANSACTION_ABORTED",
      cause === undefined
        ? `${transactionName(transaction)} has ended without a commit; what its code goes on to write is refused.`
        : `${transactionName(transaction)} was aborted: ${cause}. Nothing was committed.`,
    );
  }
}

/** A plain write belongs to an asynchronous transaction that nothing here can attribute it to. */
export class AsyncContextError extends SignalKernelError {
  static override readonly name = "AsyncContextError";
  constructor(transaction: string | undefined) {
    super(
      "ERR_SK_NO_ASYNC_CONTEXT",
      `${transactionName(transaction)} runs without an asynchronous context: plain reads and writes cannot be told from those of other code after an await. Take the handle, as in transaction(async (tx) => tx.set(signal, value)), and use tx.get, tx.set and tx.run.`,
    );
  }
}

/** An effect or computed of one copy of the library has read a signal of another copy. */
export class ForeignSignalError extends SignalKernelError {
  static override readonly name = "ForeignSignalError";
  constructor(signal: string) {
    super(
      "ERR_SK_FOREIGN_SIGNAL",
      `${signal} belongs to another copy of signal-kernel than what reads it: it could never wake its reader. Make the copies one (\`npm ls @signal-kernel/native\`), or read it with peek().`,
    );
  }
}

/** Something that was disposed was used where that cannot work. */
export class DisposedError extends SignalKernelError {
  static override readonly name = "DisposedError";
  constructor(what: string, how = "was disposed") {
    super("ERR_SK_DISPOSED", `${what} ${how} and cannot be used any more.`);
  }
}

/** Memory for the kernel was refused. Nothing was changed; the call can be repeated. */
export class OutOfMemoryError extends SignalKernelError {
  static override readonly name = "OutOfMemoryError";
  constructor(what: string) {
    super("ERR_SK_OUT_OF_MEMORY", `Out of memory in ${what}. Nothing was changed.`);
  }
}

/** A limit of the kernel was reached. Nothing was changed. */
export class LimitError extends SignalKernelError {
  static override readonly name = "LimitError";
  constructor(what: string) {
    super("ERR_SK_LIMIT", `A limit of the kernel was reached in ${what}. Nothing was changed.`);
  }
}

/**
 * A snapshot could not be made, read or restored. Nothing was changed. `path` says where in the document
 * or value the fault is; neither it nor the message has a value in it.
 */
export class SnapshotError extends SignalKernelError {
  /** As in `$.nodes[3].value.list[0]`; undefined where there is no place to name. */
  readonly path: string | undefined;

  constructor(code: `ERR_SK_SNAPSHOT_${string}`, message: string, path?: string) {
    super(code, path === undefined ? message : `${message} (at ${path})`);
    this.path = path;
  }
}

/** No engine could be loaded. */
export class EngineLoadError extends SignalKernelError {
  static override readonly name = "EngineLoadError";
  constructor(message: string, options?: ErrorOptions) {
    super("ERR_SK_LOAD", message, options);
  }
}

/** The engine that was found belongs to another version of the library. */
export class AbiMismatchError extends SignalKernelError {
  static override readonly name = "AbiMismatchError";
  constructor(path: string, found: number, expected: number) {
    super(
      "ERR_SK_ABI",
      `The addon ${path} has ABI ${found}, this library needs ${expected}. Run \`npm rebuild\`.`,
    );
  }
}

/** The typed error of a negative status that the kernel returned. */
export function errorOfStatus(status: number, what: string): SignalKernelError {
  if (status === SK_E_NO_MEMORY) return new OutOfMemoryError(what);
  if (status === SK_E_LIMIT) return new LimitError(what);
  const code = SK_ERROR_CODES[status] ?? "ERR_SK_STATE";
  if (code === "ERR_SK_DISPOSED") return new DisposedError(what);
  return new SignalKernelError(code, `The kernel refused a call on ${what} (${code}).`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return "an object";
  if (typeof value === "undefined") return "undefined";
  return `a ${typeof value}`;
}

/**
 * The TypeError of a bad argument: its `code` is `ERR_SK_INVALID_ARG`, its message names the argument
 * and the kind of what came instead.
 */
export function invalidArgument(name: string, expected: string, actual: unknown): TypeError {
  const error = new TypeError(`"${name}" must be ${expected}, got ${describe(actual)}`);
  return Object.assign(error, { code: "ERR_SK_INVALID_ARG" });
}

/** Throws {@link invalidArgument} unless `value` is a function. */
export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw invalidArgument(name, "a function", value);
}
