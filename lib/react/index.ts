/**
 * @signal-kernel/react: hooks that show signals, computeds and cells in React 18 and 19.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export { useResource, useStreamResource } from "./resources.js";
export {
  SnapshotProvider,
  type SnapshotProviderProps,
  type SnapshotScriptOptions,
  useSnapshotScope,
} from "./snapshot.js";
export type {
  ReadyResourceView,
  ReadyStreamResourceView,
  ResourceHookOptions,
  ResourceSource,
  ResourceView,
  StreamResourceView,
  StreamSource,
} from "./types.js";
export {
  useComputedValue,
  useKernelValue,
  useReactive,
  useReadableValue,
  useSignalValue,
} from "./values.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
