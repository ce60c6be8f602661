/**
 * Asynchronous cells: how their state is read, and how a node of a document becomes a state to take over.
 */
import { type CellPort, PORT, type SeedOf } from "../async-runtime/port.js";
import { errorFromJson } from "./errors.js";
import type { ResourceRegistration, StreamRegistration } from "./registration.js";
import type {
  JsonValue,
  ResourceSnapshotNode,
  RestoreOptions,
  SnapshotSerializer,
  StreamSnapshotNode,
} from "./types.js";

export type CellRegistration = ResourceRegistration | StreamRegistration;
export type CellNode = ResourceSnapshotNode | StreamSnapshotNode;

/** What a cell shows. */
export interface CellReading {
  readonly status: string;
  readonly value: unknown;
  readonly stable: unknown;
  readonly error: unknown;
  /** Undefined of what is no cell of this runtime. */
  readonly version: number | undefined;
  readonly updatedAt: number | undefined;
}

/** The cell behind a meta; null when it is none of this runtime. */
export function portOf(meta: object): CellPort | null {
  const make: unknown = (meta as { readonly [PORT]?: unknown })[PORT];
  return typeof make === "function" ? (make() as CellPort) : null;
}

export function readCell({ source }: CellRegistration): CellReading {
  const [value, meta] = source;
  const port = portOf(meta);
  if (port !== null) return port;
  return {
    status: String(meta.status()),
    value: value(),
    stable: "stableValue" in meta ? meta.stableValue() : undefined,
    error: meta.error(),
    version: undefined,
    updatedAt: undefined,
  };
}

const ENDED: readonly string[] = ["idle", "success", "error", "cancelled"];

/** Whether the run had not ended when the cell was captured. */
export function isUnfinished({ status }: CellNode): boolean {
  return !ENDED.includes(status);
}

/** Whether the cell's own state is newer than the document's. */
export function isOlder(node: CellNode, port: CellPort, options: RestoreOptions): boolean {
  const { version } = node;
  if (options.freshness === "any" || version === undefined || port.version < version) return false;
  if (port.version > version) return true;
  return port.updatedAt !== undefined && port.updatedAt > (node.updatedAt ?? 0);
}

function decode(
  json: JsonValue | undefined,
  serializer: SnapshotSerializer<unknown> | undefined,
): unknown {
  if (json === undefined) return undefined;
  return serializer === undefined ? json : serializer.decode(json);
}

/** Whether a node has a state at all: of a first run that has not ended there is none. */
export function hasState(node: CellNode): boolean {
  const value = node.kind === "stream" ? node.stableValue : node.value;
  return value !== undefined || (node.status !== "idle" && !isUnfinished(node));
}

/**
 * The state that a node describes. A run that had not ended is no part of it, unless somebody will bring
 * its outcome: nobody would end it here.
 *
 * @throws What a serializer throws.
 */
export function seedOf(
  node: CellNode,
  { options }: CellRegistration,
  port: CellPort,
  awaits: boolean,
): SeedOf {
  const { stableValueSerializer } = options as StreamRegistration["options"];
  const value =
    node.kind === "stream"
      ? decode(node.stableValue, stableValueSerializer ?? options.serializer)
      : decode(node.value, options.serializer);
  const { error, updatedAt } = node;
  const isNewer = (node.version ?? 0) > port.version || port.version === 0;
  const unfinished = awaits ? "pending" : "idle";
  return {
    status: isUnfinished(node) ? unfinished : (node.status as SeedOf["status"]),
    value,
    error: error === undefined ? undefined : errorFromJson(error, options.errorSerializer),
    /* Going back, and coming from documents without versions, it is a state of its own. */
    version: node.version !== undefined && isNewer ? node.version : sameVersion(node, port),
    updatedAt,
  };
}

/** The same state again keeps its version. */
function sameVersion(node: CellNode, port: CellPort): number | undefined {
  return node.version === port.version && node.updatedAt === port.updatedAt
    ? node.version
    : undefined;
}
