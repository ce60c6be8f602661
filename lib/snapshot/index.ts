/**
 * @signal-kernel/snapshot: the state of a graph as a document - captured, sent, restored, compared.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export { SnapshotError } from "#engine";
export type { HydrationDocument, HydrationElement } from "./arrival.js";
export { type CaptureSnapshotOptions, captureSnapshot } from "./capture.js";
export { decodeJsonSnapshot, encodeJsonSnapshot } from "./codec.js";
export { diffSnapshots } from "./diff.js";
export { assertSnapshotDocument } from "./document.js";
export { fromScript, type ScriptElement, type ScriptOptions, toScript } from "./html.js";
export { type HydrateOptions, type Hydration, hydrate } from "./hydrate.js";
export { assertJsonValue, cloneJsonValue, isJsonValue } from "./json.js";
export type { SnapshotLimits } from "./limits.js";
export type {
  ComputedRegistration,
  ResourceRegistration,
  SignalRegistration,
  SnapshotRegistration,
  StreamRegistration,
} from "./registration.js";
export { restoreSnapshot } from "./restore.js";
export { type Devalue, type RichOptions, richSerializer } from "./rich.js";
export {
  createSnapshotScope,
  DEFAULT_SNAPSHOT_GRAPH_ID,
  DEFAULT_SNAPSHOT_GRAPH_VERSION,
  SnapshotScope,
} from "./scope.js";
export {
  type CollectOptions,
  type ComputedSnapshotNode,
  type ComputedSnapshotOptions,
  type JsonPrimitive,
  type JsonValue,
  type Readable,
  type RedactionPolicy,
  type ResourceSnapshotNode,
  type ResourceSnapshotOptions,
  type ResourceTuple,
  type RestoreMode,
  type RestoreOptions,
  type RestoreReport,
  type SignalSnapshotNode,
  type SingleShotCell,
  SNAPSHOT_SCHEMA,
  type SnapshotDiff,
  type SnapshotDiffEntry,
  type SnapshotDocument,
  type SnapshotNode,
  type SnapshotNodeOptions,
  type SnapshotScopeOptions,
  type SnapshotSerializer,
  type StreamResourceTuple,
  type StreamSnapshotNode,
  type StreamSnapshotOptions,
  type WritableSignal,
} from "./types.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
