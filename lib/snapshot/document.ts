/**
 * What makes plain data a document. Everything that a restore relies on is checked here, before
 * anything is changed.
 */
import { SnapshotError } from "#engine";
import { walkJson } from "./json.js";
import { type CheckedLimits, DEFAULT_LIMITS, requireWithin } from "./limits.js";
import type { SnapshotScope } from "./scope.js";
import { SNAPSHOT_SCHEMA, type SnapshotDocument } from "./types.js";
import type { WrittenNodes } from "./written.js";

/** What is not checked yet. */
type Unknown = Record<string, unknown>;

/** Half of what the kernel can count: whatever a document says, there are runs left. */
const HIGHEST_VERSION = 2 ** 52;

const RESTORES: Readonly<Record<string, readonly unknown[]>> = {
  computed: ["recompute"],
  resource: ["inspect-only", "reload", "seed"],
  stream: ["inspect-only", "reload", "stable-value"],
};

function fail(message: string, path: string): never {
  throw new SnapshotError("ERR_SK_SNAPSHOT_INVALID", message, path);
}

/** Own properties only: a polluted Object.prototype is no part of a document. */
function own(object: Unknown, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function objectAt(value: unknown, what: string, path: string): Unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    fail(`${what} must be an object`, path);
  return value as Unknown;
}

function checkString(owner: Unknown, key: string, what: string, path: string): void {
  if (typeof own(owner, key) !== "string") fail(`${what} must be a string`, `${path}.${key}`);
}

function checkCell(node: Unknown, path: string): void {
  checkString(node, "status", "Snapshot node status", path);
  const version = own(node, "version");
  if (
    version !== undefined &&
    !(
      Number.isSafeInteger(version) &&
      (version as number) >= 0 &&
      (version as number) <= HIGHEST_VERSION
    )
  )
    fail("Snapshot node version must be a whole number", `${path}.version`);
  const updatedAt = own(node, "updatedAt");
  if (updatedAt !== undefined && typeof updatedAt !== "number")
    fail("Snapshot node updatedAt must be a number", `${path}.updatedAt`);
}

function checkNode(value: unknown, index: number, ids: Set<string>): void {
  const failAt = (message: string, key = ""): never => fail(message, `$.nodes[${index}]${key}`);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return failAt("Snapshot node must be an object");
  const node = value as Unknown;
  const id = own(node, "id");
  const kind = own(node, "kind");
  const redacted = own(node, "redacted");
  if (typeof id !== "string") return failAt("Snapshot node id must be a string", ".id");
  const { size } = ids;
  if (ids.add(id).size === size) failAt("Duplicate snapshot node id", ".id");
  if (redacted !== undefined && redacted !== true)
    failAt("Snapshot node redacted must be true", ".redacted");
  if (kind === "signal") {
    if (!Object.hasOwn(node, "value")) failAt("Snapshot signal must have a value", ".value");
    return;
  }
  const restores =
    typeof kind === "string" && Object.hasOwn(RESTORES, kind) ? RESTORES[kind] : undefined;
  if (restores === undefined) return failAt("Unknown snapshot node kind", ".kind");
  if (!restores.includes(own(node, "restore"))) failAt("Unknown snapshot node restore", ".restore");
  if (kind !== "computed") checkCell(node, `$.nodes[${index}]`);
}

function checkHead(document: Unknown): void {
  if (own(document, "schema") !== SNAPSHOT_SCHEMA)
    fail(`Unsupported snapshot schema: it must be ${SNAPSHOT_SCHEMA}`, "$.schema");
  if (typeof own(document, "createdAt") !== "number")
    fail("Snapshot createdAt must be a number", "$.createdAt");
  const graph = objectAt(own(document, "graph"), "Snapshot graph", "$.graph");
  checkString(graph, "id", "Snapshot graph id", "$.graph");
  checkString(graph, "version", "Snapshot graph version", "$.graph");
  if (own(graph, "instanceId") !== undefined)
    checkString(graph, "instanceId", "Snapshot graph instanceId", "$.graph");
  if (own(document, "metadata") !== undefined)
    objectAt(own(document, "metadata"), "Snapshot metadata", "$.metadata");
}

/**
 * What this package has made: plain data, as long as nobody has changed it. Of a captured one also its
 * nodes as they are written.
 */
const made = new WeakMap<SnapshotDocument, WrittenNodes | null>();

/** Notes that a document is plain data. */
export function markMade(document: SnapshotDocument): SnapshotDocument {
  made.set(document, null);
  return document;
}

/** Where Node looks how to show an object. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** The document of captured nodes. They become data when they are first looked at. */
export function documentOf(
  scope: SnapshotScope,
  nodes: WrittenNodes,
  createdAt: number,
): SnapshotDocument {
  const { graphId: id, graphVersion: version, instanceId } = scope;
  const document: SnapshotDocument = {
    createdAt,
    graph: instanceId === undefined ? { id, version } : { id, version, instanceId },
    get nodes() {
      return nodes.all;
    },
    set nodes(given) {
      nodes.all = given;
    },
    schema: SNAPSHOT_SCHEMA,
  };
  Object.defineProperty(document, INSPECT, { value: () => ({ ...document }) });
  made.set(document, nodes);
  return document;
}

/** Whether there are any, without making them data. */
export function hasNodes(document: SnapshotDocument): boolean {
  return !(made.get(document)?.isEmpty ?? document.nodes.length === 0);
}

/** The JSON of a captured document whose nodes nobody has looked at; else null. */
export function writtenJson(document: SnapshotDocument): string | null {
  const nodes = made.get(document)?.json ?? null;
  if (nodes === null) return null;
  let text = "{";
  for (const key of Object.keys(document)) {
    const json = key === "nodes" ? nodes : JSON.stringify(document[key as keyof SnapshotDocument]);
    if (json !== undefined) text += `${text === "{" ? "" : ","}${JSON.stringify(key)}:${json}`;
  }
  return `${text}}`;
}

export function isMade(document: unknown): boolean {
  return made.has(document as SnapshotDocument);
}

/** Checks the parts of plain data that make it a document. */
function checkParts(document: Unknown, limits: CheckedLimits): void {
  checkHead(document);
  const nodes = own(document, "nodes");
  if (!Array.isArray(nodes)) fail("Snapshot nodes must be a list", "$.nodes");
  requireWithin("nodes", nodes.length, limits.maxNodes);
  const ids = new Set<string>();
  for (let index = 0; index < nodes.length; index++) checkNode(nodes[index], index, ids);
}

/**
 * Checks a document.
 *
 * @param copies Whether what is returned is a copy: of what comes from elsewhere the copy is what was
 *   checked.
 * @throws SnapshotError.
 */
export function readDocument(
  value: unknown,
  copies: boolean,
  limits: CheckedLimits = DEFAULT_LIMITS,
): SnapshotDocument {
  const given = objectAt(value, "Snapshot document", "$");
  const copy = walkJson(given, "Snapshot document", "$", copies, limits.maxDepth);
  const document = copies ? (copy as Unknown) : given;
  checkParts(document, limits);
  return document as unknown as SnapshotDocument;
}

/** Checks all of a document but the values of its nodes, which are checked when they are copied. */
export function checkMade(document: SnapshotDocument, limits: CheckedLimits): void {
  checkParts(document as unknown as Unknown, limits);
}

/**
 * Throws unless a value is a snapshot document.
 *
 * @throws SnapshotError with the path of what is wrong.
 * @example
 * const received: unknown = await response.json();
 * assertSnapshotDocument(received);
 * restoreSnapshot(scope, received);
 */
export function assertSnapshotDocument(value: unknown): asserts value is SnapshotDocument {
  readDocument(value, false);
}
