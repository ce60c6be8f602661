/**
 * What the WebAssembly module exports, and how its arguments are checked: native/wasm/module.c.
 */

/** What native/wasm/module.c exports. A kernel, and what a view begins at, is an address. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  abi(): number;
  open(): number;
  words(kernel: number, block: number): number;
  length(kernel: number, block: number): number;
  sync(kernel: number): number;
  mark(kernel: number): number;
  flush(kernel: number): number;
  plan(kernel: number): number;
  inspect(kernel: number): number;
  reserve(kernel: number, block: number, words: number): number;
  count(kernel: number, which: number): number;
  check(kernel: number): number;
  txnBegin(kernel: number): number;
  txnCommit(kernel: number): number;
  txnRollback(kernel: number): number;
  stagingOpen(kernel: number, parent: number, clock: number): number;
  stagingTouch(kernel: number, staging: number, id: number, how: number, clock: number): number;
  stagingCheck(kernel: number, staging: number, how: number): number;
  stagingCommit(kernel: number, staging: number, clock: number): number;
  stagingDiscard(kernel: number, staging: number): number;
  taskCreate(kernel: number, kind: number): number;
  taskStart(kernel: number, task: number): number;
  taskEmit(kernel: number, task: number, version: number): number;
  taskSettle(kernel: number, task: number, version: number, outcome: number): number;
  taskCancel(kernel: number, task: number): number;
  taskState(kernel: number, task: number): number;
  taskVersion(kernel: number, task: number): number;
  taskSeed(kernel: number, task: number, version: number, state: number): number;
  taskDispose(kernel: number, task: number): number;
}

/** Throws the error of a bad argument. */
export function refuse(error: TypeError | RangeError): never {
  throw Object.assign(error, { code: "ERR_SK_INVALID_ARG" });
}

/** Throws, as the addon does, unless `value` is an integer that a double holds. */
export function integer(name: string, value: unknown): number {
  const message = `The argument "${name}" must be an integer from 0 to 2^53 - 1`;
  if (typeof value !== "number") refuse(new TypeError(message));
  if (!(value >= 0 && value < 2 ** 53 && Math.floor(value) === value))
    refuse(new RangeError(message));
  return value;
}
