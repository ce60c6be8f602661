/**
 * @signal-kernel/native/inspect: pictures of the graph, as data and as drawings.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export { observeCommits } from "./commits.js";
export { toDot } from "./dot.js";
export { inspect } from "./inspect.js";
export { type DrawOptions, toMermaid } from "./mermaid.js";
export type { InspectHandle, InspectTarget } from "./targets.js";
export type {
  BareGraphNode,
  Commit,
  CommitObserver,
  GraphEdge,
  GraphNode,
  GraphNodeKind,
  GraphNodeState,
  GraphPicture,
  GraphScope,
  InspectOptions,
} from "./types.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
