/**
 * What a document says of each node.
 */
import { PORT } from "../async-runtime/port.js";
import { type CellReading, type CellRegistration, readCell } from "./cells.js";
import { errorToJson } from "./errors.js";
import { isPlainData, walkJson } from "./json.js";
import { VALUE_DEPTH } from "./limits.js";
import { isRedacted } from "./redaction.js";
import type {
  ComputedRegistration,
  SnapshotRegistration,
  StreamRegistration,
} from "./registration.js";
import { MASK } from "./secrets.js";
import type {
  JsonValue,
  ResourceSnapshotNode,
  SnapshotNode,
  SnapshotSerializer,
  StreamSnapshotNode,
} from "./types.js";

/** Makes nodes. What is plain data they hold as it is: who keeps a node has to copy, or to write it. */
export class NodeMaker {
  /** Something in the last node had to be copied, which may be data that JSON does not write as it is. */
  isOdd = false;

  private toJson(value: unknown, id: string): JsonValue {
    if (isPlainData(value, VALUE_DEPTH)) return value as JsonValue;
    this.isOdd = true;
    return walkJson(value, `Snapshot node ${id}`, "$", true, VALUE_DEPTH);
  }

  /** A mask when there is one to make, else the value. */
  private shown(
    value: unknown,
    { id, options }: SnapshotRegistration,
    serializer: SnapshotSerializer<unknown> | undefined = options.serializer,
  ): JsonValue {
    const { redaction } = options;
    if (typeof redaction === "object") return this.toJson(redaction.redact(value), id);
    return this.toJson(serializer === undefined ? value : serializer.encode(value), id);
  }

  private fillCell(
    node: ResourceSnapshotNode | StreamSnapshotNode,
    registration: CellRegistration,
    reading: CellReading,
    hides: boolean,
  ): void {
    const { id, options } = registration;
    if (options.sourceKey !== undefined) node.sourceKey = this.toJson(options.sourceKey, id);
    if (node.restore !== "inspect-only" && reading.version !== undefined) {
      node.version = reading.version;
      if (reading.updatedAt !== undefined) node.updatedAt = reading.updatedAt;
    }
    if (hides) node.redacted = true;
    const isMasked = isRedacted(registration);
    const { error, value, stable } = reading;
    if (error !== undefined && (isMasked || !hides))
      node.error = hides
        ? { message: MASK }
        : this.toJson(errorToJson(error, options.errorSerializer), id);
    if (hides && !isMasked) return;
    if (value !== undefined) node.value = this.shown(value, registration);
    if (node.kind !== "stream" || stable === undefined) return;
    const { stableValueSerializer } = options as StreamRegistration["options"];
    node.stableValue = this.shown(stable, registration, stableValueSerializer);
  }

  /** What a computed holds, if it does and JSON can say it. */
  private available(registration: ComputedRegistration): JsonValue | undefined {
    try {
      const value = registration.source.peek();
      return value === undefined ? undefined : this.shown(value, registration);
    } catch {
      return undefined;
    }
  }

  /** The node of a registration; null when nothing may be said of it. */
  make(registration: SnapshotRegistration, hides: boolean): SnapshotNode | null {
    const { id, kind, options } = registration;
    this.isOdd = false;
    if (kind === "signal") {
      const { source } = registration;
      if (!hides) return { id, kind, value: this.shown(source.peek(), registration) };
      if (!isRedacted(registration) || options.redaction === "omit") return null;
      return { id, kind, value: this.shown(source.peek(), registration), redacted: true };
    }
    if (options.redaction === "omit") return null;
    if (kind === "computed") {
      const node: SnapshotNode = { id, kind, restore: "recompute" };
      const { captureValue } = registration.options;
      if (hides && !isRedacted(registration)) {
        /* What it holds is made of something redacted. */
      } else if (captureValue === "available") {
        const value = this.available(registration);
        if (value !== undefined) node.value = value;
      } else if (captureValue !== false) {
        node.value = this.shown(registration.source.get(), registration);
      }
      if (hides) node.redacted = true;
      return node;
    }
    const reading = readCell(registration);
    const { status } = reading;
    const restore = registration.options.restore ?? "inspect-only";
    const node = { id, kind, restore, status } as ResourceSnapshotNode | StreamSnapshotNode;
    this.fillCell(node, registration, reading, hides);
    return node;
  }
}

/** Whether to make the node calls nothing that the program gave. */
export function isQuiet(registration: SnapshotRegistration): boolean {
  const { kind, options } = registration;
  if (kind === "computed" || options.serializer !== undefined || isRedacted(registration))
    return false;
  if (kind === "signal") return true;
  const { errorSerializer, stableValueSerializer } = options as StreamRegistration["options"];
  if (errorSerializer !== undefined || stableValueSerializer !== undefined) return false;
  return PORT in registration.source[1];
}
