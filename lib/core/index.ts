/**
 * @signal-kernel/core: signals, computeds, effects, batches and transactions on the C kernel.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export {
  AbiMismatchError,
  AsyncContextError,
  CycleError,
  DisposedError,
  EffectLoopError,
  EngineLoadError,
  ForeignSignalError,
  LimitError,
  OutOfMemoryError,
  SignalKernelError,
  TransactionAbortedError,
  TransactionConflictError,
  WriteInComputedError,
} from "#engine";
export { batch, type FlushOptions, flushSync, untracked } from "./batch.js";
export { type Computed, computed } from "./computed.js";
export {
  createEffect,
  type EffectOptions,
  type EffectResult,
  onCleanup,
} from "./effect.js";
export type { ComputedOptions, EqualsFn, EqualsOption, SignalOptions } from "./options.js";
export type { Priority } from "./priority.js";
export { configureScheduler, type SchedulerOptions } from "./scheduler.js";
export { createScope, getScope, onScopeDispose, type Scope, type ScopeOptions } from "./scope.js";
export { settled } from "./settled.js";
export { type Signal, signal } from "./signal.js";
export {
  atomic,
  configureTransactions,
  type TransactionHandle,
  type TransactionsConfiguration,
  transaction,
} from "./transaction.js";
export type { MergeFunction, TransactionOptions } from "./transaction-options.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
