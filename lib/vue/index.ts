/**
 * @signal-kernel/vue: composables that show signals, computeds and cells in Vue 3.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export type { ReadonlyRef } from "./bridge.js";
export { useResource, useStreamResource } from "./resources.js";
export {
  createSnapshotPlugin,
  provideSnapshotScope,
  type SnapshotProvision,
  useSnapshotScope,
} from "./snapshot.js";
export type {
  CellRefs,
  ResourceRefs,
  ResourceSource,
  StreamResourceRefs,
  StreamSource,
  Switchable,
} from "./types.js";
export {
  useComputedValue,
  useKernelValue,
  useReactive,
  useReadableValue,
  useSignalRef,
  useSignalValue,
} from "./values.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
