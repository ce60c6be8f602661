/**
 * Capturing: the state of a scope's nodes, as a document.
 */
import { invalidArgument, untracked } from "#engine";
import { ownOption, requireObject } from "../core/options.js";
import { type CellReading, readCell } from "./cells.js";
import { markMade } from "./document.js";
import { errorToJson } from "./errors.js";
import { walkJson } from "./json.js";
import { DEEPEST } from "./limits.js";
import { isRedacted, secrecyOf } from "./redaction.js";
import type {
  ComputedRegistration,
  ResourceRegistration,
  SnapshotRegistration,
  StreamRegistration,
} from "./registration.js";
import type { SnapshotScope } from "./scope.js";
import { checkSecrets, collectTexts, MASK, maskSecrets } from "./secrets.js";
import {
  type JsonValue,
  type ResourceSnapshotNode,
  SNAPSHOT_SCHEMA,
  type SnapshotDocument,
  type SnapshotNode,
  type SnapshotSerializer,
  type StreamSnapshotNode,
} from "./types.js";

/** Options of {@link captureSnapshot}. */
export interface CaptureSnapshotOptions {
  /** Ids of the nodes to capture. Default: all. What must not leak is the same for a part. */
  only?: Iterable<string> | undefined;
  /** Goes into the document as it is. */
  metadata?: Record<string, JsonValue> | undefined;
  /** Texts that must not be in the document: what contains one is masked, and not restored. */
  secrets?: readonly string[] | undefined;
  /** Whether the texts in redacted values, of four characters and more, are such secrets too. */
  maskRedacted?: boolean | undefined;
}

/** A value is three levels deep in its document. */
const VALUE_DEPTH = DEEPEST - 3;

function toJson(value: unknown, id: string): JsonValue {
  /* Without the sentence that would name it. */
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return walkJson(value, `Snapshot node ${id}`, "$", true, VALUE_DEPTH);
}

/** A mask when there is one to make, else the value. */
function shown(
  value: unknown,
  { id, options }: SnapshotRegistration,
  serializer: SnapshotSerializer<unknown> | undefined = options.serializer,
): JsonValue {
  const { redaction } = options;
  if (typeof redaction === "object") return toJson(redaction.redact(value), id);
  return toJson(serializer === undefined ? value : serializer.encode(value), id);
}

function fillCell(
  node: ResourceSnapshotNode | StreamSnapshotNode,
  registration: ResourceRegistration | StreamRegistration,
  reading: CellReading,
  hides: boolean,
): void {
  const { id, options } = registration;
  if (options.sourceKey !== undefined) node.sourceKey = toJson(options.sourceKey, id);
  if (node.restore !== "inspect-only" && reading.version !== undefined) {
    node.version = reading.version;
    if (reading.updatedAt !== undefined) node.updatedAt = reading.updatedAt;
  }
  if (hides) node.redacted = true;
  const isMasked = isRedacted(registration);
  if (reading.error !== undefined && (isMasked || !hides))
    node.error = hides
      ? { message: MASK }
      : toJson(errorToJson(reading.error, options.errorSerializer), id);
  if (hides && !isMasked) return;
  if (reading.value !== undefined) node.value = shown(reading.value, registration);
  if (node.kind !== "stream" || reading.stable === undefined) return;
  const { stableValueSerializer } = options as StreamRegistration["options"];
  node.stableValue = shown(reading.stable, registration, stableValueSerializer);
}

/** What a computed holds, if it does and JSON can say it. */
function available(registration: ComputedRegistration): JsonValue | undefined {
  try {
    const value = registration.source.peek();
    return value === undefined ? undefined : shown(value, registration);
  } catch {
    return undefined;
  }
}

/** The node of a registration; null when nothing may be said of it. */
function nodeOf(registration: SnapshotRegistration, hides: boolean): SnapshotNode | null {
  const { id, kind, options } = registration;
  if (kind === "signal") {
    const { source } = registration;
    if (!hides) return { id, kind, value: shown(source.peek(), registration) };
    if (!isRedacted(registration) || options.redaction === "omit") return null;
    return { id, kind, value: shown(source.peek(), registration), redacted: true };
  }
  if (options.redaction === "omit") return null;
  if (kind === "computed") {
    const node: SnapshotNode = { id, kind, restore: "recompute" };
    const { captureValue } = registration.options;
    if (hides && !isRedacted(registration)) {
      /* What it holds is made of something redacted. */
    } else if (captureValue === "available") {
      const value = available(registration);
      if (value !== undefined) node.value = value;
    } else if (captureValue !== false) {
      node.value = shown(registration.source.get(), registration);
    }
    if (hides) node.redacted = true;
    return node;
  }
  const reading = readCell(registration);
  const { status } = reading;
  const restore = registration.options.restore ?? "inspect-only";
  const node = { id, kind, restore, status } as ResourceSnapshotNode | StreamSnapshotNode;
  fillCell(node, registration, reading, hides);
  return node;
}

/** Adds the texts that a redacted node holds. One that cannot be read holds none. */
function collectFrom(registration: SnapshotRegistration, texts: Set<string>): void {
  try {
    if (registration.kind === "signal") collectTexts(registration.source.peek(), texts);
    else if (registration.kind === "computed") collectTexts(registration.source.get(), texts);
    else {
      const { value, stable, error } = readCell(registration);
      for (const part of [value, stable, error]) collectTexts(part, texts);
    }
  } catch {
    return;
  }
}

/** Checks the option `only`; null: all. */
function onlyOf(scope: SnapshotScope, options: object): ReadonlySet<unknown> | null {
  const only = ownOption(options, "only");
  if (only === undefined) return null;
  if (typeof only !== "object" || only === null || !(Symbol.iterator in only))
    throw invalidArgument("options.only", "ids", only);
  const ids = new Set(only as Iterable<unknown>);
  for (const id of ids)
    if (typeof id !== "string" || scope.getRegistration(id) === undefined)
      throw invalidArgument("options.only", "ids of registered nodes", only);
  return ids;
}

/** The options that have nothing to do with a scope. */
interface Checked {
  readonly secrets: readonly string[];
  readonly maskRedacted: boolean | undefined;
  readonly metadata: object | undefined;
}

/** @throws TypeError (`ERR_SK_INVALID_ARG`). */
export function checkCaptureOptions(options: object): Checked {
  const secrets = checkSecrets(ownOption(options, "secrets"));
  const maskRedacted = ownOption(options, "maskRedacted");
  if (maskRedacted !== undefined && typeof maskRedacted !== "boolean")
    throw invalidArgument("options.maskRedacted", "a boolean", maskRedacted);
  const metadata = ownOption(options, "metadata");
  if (metadata !== undefined) requireObject("options.metadata", metadata);
  if (Array.isArray(metadata)) throw invalidArgument("options.metadata", "no list", metadata);
  return { secrets, maskRedacted, metadata };
}

/** The time of a document. */
function timeOf(scope: SnapshotScope): number {
  const time: unknown = scope.now();
  if (typeof time === "number" && Number.isFinite(time)) return time;
  throw invalidArgument("what options.now returns", "a finite number", time);
}

function capture(scope: SnapshotScope, options: object): SnapshotDocument {
  const { secrets, maskRedacted, metadata } = checkCaptureOptions(options);
  const texts = new Set(secrets);
  const only = onlyOf(scope, options);
  const hides = secrecyOf(scope);
  const nodes: SnapshotNode[] = [];
  for (const registration of scope.listRegistrations()) {
    const isWanted = only === null || only.has(registration.id);
    const node = isWanted ? nodeOf(registration, hides(registration)) : null;
    if (node !== null) nodes.push(node);
    if (maskRedacted && isRedacted(registration)) collectFrom(registration, texts);
  }
  const { graphId: id, graphVersion: version, instanceId } = scope;
  const document: SnapshotDocument = {
    createdAt: timeOf(scope),
    graph: instanceId === undefined ? { id, version } : { id, version, instanceId },
    nodes,
    schema: SNAPSHOT_SCHEMA,
  };
  if (metadata !== undefined)
    document.metadata = walkJson(metadata, "Snapshot metadata", "$", true, VALUE_DEPTH) as Record<
      string,
      JsonValue
    >;
  maskSecrets(document, texts);
  return markMade(document);
}

/**
 * Captures the nodes of a scope, as of one moment. The document is a copy: what happens later does not
 * change it. Reads are not tracked. Of a single-shot cell an optimistic value is not in it.
 *
 * @param options `only`; `metadata`; `secrets` and `maskRedacted`, for what must not leak.
 * @throws SnapshotError for a value that JSON cannot say; what serializers, redactions and computeds
 *   throw; TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * await settled();
 * const document = captureSnapshot(scope, { metadata: { url }, maskRedacted: true });
 */
export function captureSnapshot(
  scope: SnapshotScope,
  options: CaptureSnapshotOptions = {},
): SnapshotDocument {
  if (typeof scope?.listRegistrations !== "function")
    throw invalidArgument("scope", "a snapshot scope", scope);
  requireObject("options", options);
  return untracked(() => capture(scope, options));
}
