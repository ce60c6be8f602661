/**
 * @signal-kernel/async-runtime: promises and streams as state, resolved into versioned commits.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export { type Clock, setClock } from "#engine";
export {
  type AsyncComputedContext,
  type AsyncComputedOptions,
  asyncComputed,
  type Readable,
} from "./async-computed.js";
export { asyncSignal } from "./async-signal.js";
export type { Concurrency } from "./concurrency.js";
export { fromPromise } from "./from-promise.js";
export { type AsyncGroup, createAsyncGroup } from "./group.js";
export { createResource } from "./resource.js";
export type {
  AutoResourceDescriptor,
  FromPromiseDescriptor,
  Invalidates,
  InvalidatesFunction,
  InvalidationTarget,
  ManualResourceDescriptor,
  Observed,
  PollOptions,
  ResourceOptions,
  SourceOptions,
} from "./resource-types.js";
export type { RetryOptions } from "./retry.js";
export {
  createKeyedRevision,
  createRevision,
  type KeyedRevision,
  type Revision,
  type RevisionTarget,
} from "./revision.js";
export { SKIP, type Skip } from "./skip.js";
export type { ResourceSource, StreamSource } from "./source-types.js";
export { createStreamResource } from "./stream-resource.js";
export type {
  StreamAsyncMeta,
  StreamAsyncStatus,
  StreamContext,
  StreamerResult,
  StreamInterruptionPolicy,
  StreamResourceDescriptor,
  StreamResourceOptions,
} from "./stream-types.js";
export type {
  AsyncCallbacks,
  AsyncMeta,
  AsyncSignal,
  AsyncStatus,
  Awaitable,
  CellOptions,
  FromPromiseEvent,
  FromPromiseOptions,
  Mutate,
  ResourceContext,
  RunnableAsyncSignal,
  SingleOptions,
} from "./types.js";
export { valuesOf } from "./values.js";
export type {
  AsyncState,
  CellObserver,
  CellSubscription,
  CellView,
  ValuesOptions,
} from "./view-types.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
