/**
 * @signal-kernel/async-runtime: promises and streams as state, resolved into versioned commits.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export { asyncSignal } from "./async-signal.js";
export { fromPromise } from "./from-promise.js";
export { createResource } from "./resource.js";
export type {
  AutoResourceDescriptor,
  FromPromiseDescriptor,
  Invalidates,
  InvalidatesFunction,
  InvalidationTarget,
  ManualResourceDescriptor,
  Observed,
} from "./resource-types.js";
export {
  createKeyedRevision,
  createRevision,
  type KeyedRevision,
  type Revision,
  type RevisionTarget,
} from "./revision.js";
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
  FromPromiseEvent,
  FromPromiseOptions,
  ResourceContext,
  ResourceOptions,
  RunnableAsyncSignal,
} from "./types.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
