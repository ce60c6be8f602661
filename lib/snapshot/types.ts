/**
 * The public types of snapshots: the document and what nodes are registered with.
 */
import type { SnapshotLimits } from "./limits.js";

/** The schema of the documents that this package reads and writes. */
export const SNAPSHOT_SCHEMA = "signal-kernel.snapshot.v1";

/** What JSON has beside lists and objects. Numbers are finite. */
export type JsonPrimitive = string | number | boolean | null;
/** What JSON can say. */
export type JsonValue = JsonPrimitive | JsonValue[] | { [key: string]: JsonValue };

/** What a computed is registered by. */
export interface Readable<T> {
  get(): T;
  peek(): T | undefined;
}

/** What a signal is registered by. */
export interface WritableSignal<T> {
  get(): T;
  peek(): T;
  set(next: T | ((prev: T) => T)): void;
}

/** Makes JSON of a value, and the value again. What they throw is thrown by capture and restore. */
export interface SnapshotSerializer<T> {
  decode(value: JsonValue): T;
  encode(value: T): JsonValue;
}

/**
 * What a snapshot says of a node: everything, nothing (the node is not in it), or a mask instead of the
 * value. A mask is never restored.
 */
export type RedactionPolicy<T> = "include" | "omit" | { redact(value: T): JsonValue };

/** Options of every registration. */
export interface SnapshotNodeOptions<T> {
  redaction?: RedactionPolicy<T> | undefined;
  serializer?: SnapshotSerializer<T> | undefined;
  /**
   * Ids of the nodes from which the value is made. When one of them is redacted, what this node holds
   * is left out as well, and is not restored.
   */
  derivedFrom?: readonly string[] | undefined;
}

/** Options of a computed. */
export interface ComputedSnapshotOptions<T> extends SnapshotNodeOptions<T> {
  /**
   * Whether the value is in the snapshot, to be looked at. Default true; it is never restored.
   * "available": only when it has been evaluated before, has not failed, and JSON can say it.
   */
  captureValue?: boolean | "available" | undefined;
}

/** The getter and the meta of a resource, or of any other single-shot cell. */
export type ResourceTuple<T, E = unknown> = readonly [
  value: () => T | undefined,
  meta: { error(): E | undefined; status(): string },
];

/** A single-shot cell that is not a pair, as `fromPromise` returns it. */
export interface SingleShotCell<T, E = unknown> {
  value(): T | undefined;
  error(): E | undefined;
  status(): string;
}

/** The getter and the meta of a stream. */
export type StreamResourceTuple<T, E = unknown> = readonly [
  value: () => T | undefined,
  meta: { error(): E | undefined; stableValue(): T | undefined; status(): string },
];

/** Options of every asynchronous cell. */
export interface CellSnapshotOptions<T> extends SnapshotNodeOptions<T> {
  /** What the state belongs to. A node with another key is not restored. */
  sourceKey?: JsonValue | undefined;
  /** For errors. Default: name and message, which become an Error again. */
  errorSerializer?: SnapshotSerializer<unknown> | undefined;
}

/** Options of a resource. */
export interface ResourceSnapshotOptions<T> extends CellSnapshotOptions<T> {
  /**
   * What becomes of it in a restore. "inspect-only" (default): nothing. "seed": it takes value, status,
   * error and version over, and nothing is fetched. "reload": the same, and one run starts.
   */
  restore?: "inspect-only" | "reload" | "seed" | undefined;
}

/** Options of a stream. */
export interface StreamSnapshotOptions<T> extends CellSnapshotOptions<T> {
  /**
   * What becomes of it in a restore. "inspect-only" (default): nothing. "stable-value": it takes the
   * stable value, status, error and version over, and no producer is called. "reload": the same, and
   * one run starts.
   */
  restore?: "inspect-only" | "reload" | "stable-value" | undefined;
  /** For the stable value. Default: `serializer`. */
  stableValueSerializer?: SnapshotSerializer<T> | undefined;
}

/** Options of `collect`. A name is the option `name` with which a node is created. */
export interface CollectOptions {
  /** What ids begin with, before the name. */
  prefix?: string | undefined;
  /** Names that are left out, or a function that tells. */
  skip?:
    | readonly string[]
    | ((name: string, kind: "signal" | "computed" | "resource" | "stream") => boolean)
    | undefined;
  /** Names of nodes that no snapshot may say anything of, or a function that returns a policy. */
  redact?:
    | readonly string[]
    | ((
        name: string,
        kind: "signal" | "computed" | "resource" | "stream",
      ) => RedactionPolicy<unknown> | undefined)
    | undefined;
}

/** Options of `createSnapshotScope`. */
export interface SnapshotScopeOptions {
  /** Which graph it is. Documents of another graph are refused. */
  graphId?: string | undefined;
  /** Which version of it. Documents of another version are refused. */
  graphVersion?: string | undefined;
  /** Which of several alike; only to be read in the document. */
  instanceId?: string | undefined;
  /** Milliseconds since the epoch, for `createdAt`. Default: the clock of asynchronous cells. */
  now?: (() => number) | undefined;
}

/** A signal in a document. */
export interface SignalSnapshotNode {
  id: string;
  kind: "signal";
  value: JsonValue;
  /** The value is a mask, or has one in it: it is not restored. */
  redacted?: true;
}

/** A computed in a document. */
export interface ComputedSnapshotNode {
  id: string;
  kind: "computed";
  restore: "recompute";
  value?: JsonValue;
  redacted?: true;
}

interface CellSnapshotNode {
  error?: JsonValue;
  id: string;
  redacted?: true;
  sourceKey?: JsonValue;
  status: string;
  /** When the outcome was committed, in milliseconds since the epoch. */
  updatedAt?: number;
  value?: JsonValue;
  /** Version of the run whose outcome it is; 0 before there was one. */
  version?: number;
}

/** A resource in a document. */
export interface ResourceSnapshotNode extends CellSnapshotNode {
  kind: "resource";
  restore: "inspect-only" | "reload" | "seed";
}

/** A stream in a document. */
export interface StreamSnapshotNode extends CellSnapshotNode {
  kind: "stream";
  restore: "inspect-only" | "reload" | "stable-value";
  stableValue?: JsonValue;
}

/** A node in a document. */
export type SnapshotNode =
  | SignalSnapshotNode
  | ComputedSnapshotNode
  | ResourceSnapshotNode
  | StreamSnapshotNode;

/** The state of a graph. Plain data; not to be changed. */
export interface SnapshotDocument {
  createdAt: number;
  graph: { id: string; instanceId?: string; version: string };
  metadata?: Record<string, JsonValue>;
  nodes: SnapshotNode[];
  schema: typeof SNAPSHOT_SCHEMA;
}

/** Whether what does not fit the scope is an error, or is left out and reported. */
export type RestoreMode = "strict" | "best-effort";

/** Options of `restoreSnapshot`. */
export interface RestoreOptions {
  /** Default "strict". */
  mode?: RestoreMode | undefined;
  /**
   * What becomes of a cell that was captured while it was pending. true: a run starts. "await": it is
   * pending, without a run, until another document brings the outcome, or it starts a run itself.
   * Default false: it is idle.
   */
  resume?: boolean | "await" | undefined;
  /**
   * "newer" (default): a cell keeps its state when that is of a higher version than the document's, or
   * of the same and later. "any": it goes back, and its version goes on.
   */
  freshness?: "newer" | "any" | undefined;
  /** How large the document may be; its length is a matter of `decodeJsonSnapshot`. */
  limits?: SnapshotLimits | undefined;
}

/** What a restore has done, by id. */
export interface RestoreReport {
  /** What has the document's state now. */
  restored: string[];
  /**
   * What the document has and was left as it is: computeds always, since they follow from what they read;
   * what is older than what is here; in best-effort mode what does not fit.
   */
  skipped: string[];
  /** In best-effort mode: what did not fit. */
  warnings: string[];
}

/** A node that differs. */
export interface SnapshotDiffEntry {
  after?: SnapshotNode;
  before?: SnapshotNode;
  id: string;
  kind: SnapshotNode["kind"] | "metadata";
}

/** How two documents differ. */
export interface SnapshotDiff {
  added: SnapshotDiffEntry[];
  changed: SnapshotDiffEntry[];
  removed: SnapshotDiffEntry[];
}
