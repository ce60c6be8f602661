/**
 * Which nodes a snapshot is of, and under which ids.
 */
import { invalidArgument, now, requireFunction, SnapshotError } from "#engine";
import { ownOption } from "../core/options.js";
import { portOf } from "./cells.js";
import {
  type ComputedSnapshotOptions,
  DEFAULT_SNAPSHOT_GRAPH_ID,
  DEFAULT_SNAPSHOT_GRAPH_VERSION,
  type Readable,
  type ResourceSnapshotOptions,
  type ResourceTuple,
  type SnapshotNodeOptions,
  type SnapshotScopeOptions,
  type StreamResourceTuple,
  type StreamSnapshotOptions,
  type WritableSignal,
} from "./types.js";

/** A registered signal. */
export interface SignalRegistration<T = unknown> {
  id: string;
  kind: "signal";
  options: SnapshotNodeOptions<T>;
  source: WritableSignal<T>;
}

/** A registered computed. */
export interface ComputedRegistration<T = unknown> {
  id: string;
  kind: "computed";
  options: ComputedSnapshotOptions<T>;
  source: Readable<T>;
}

/** A registered resource. */
export interface ResourceRegistration<T = unknown, E = unknown> {
  id: string;
  kind: "resource";
  options: ResourceSnapshotOptions<T>;
  source: ResourceTuple<T, E>;
}

/** A registered stream. */
export interface StreamRegistration<T = unknown, E = unknown> {
  id: string;
  kind: "stream";
  options: StreamSnapshotOptions<T>;
  source: StreamResourceTuple<T, E>;
}

/** What a scope knows of one node. */
export type SnapshotRegistration =
  | SignalRegistration
  | ComputedRegistration
  | ResourceRegistration
  | StreamRegistration;

function textOption(options: object, key: string): string | undefined {
  const value = ownOption(options, key);
  if (value !== undefined && typeof value !== "string")
    throw invalidArgument(`options.${key}`, "a string", value);
  return value;
}

function checkSerializer(options: object, key: string): void {
  const serializer = ownOption(options, key);
  if (serializer === undefined) return;
  if (typeof serializer !== "object" || serializer === null)
    throw invalidArgument(`options.${key}`, "an object with encode and decode", serializer);
  for (const name of ["encode", "decode"])
    requireFunction(`options.${key}.${name}`, (serializer as Record<string, unknown>)[name]);
}

/** A redaction that is misspelt must not pass for none. */
function checkRedaction(options: object): void {
  const redaction = ownOption(options, "redaction");
  if (redaction === undefined || redaction === "include" || redaction === "omit") return;
  if (typeof redaction !== "object" || redaction === null)
    throw invalidArgument("options.redaction", '"include", "omit" or { redact }', redaction);
  requireFunction("options.redaction.redact", (redaction as { redact?: unknown }).redact);
}

function checkOptions(options: unknown, restores: readonly unknown[]): void {
  if (typeof options !== "object" || options === null)
    throw invalidArgument("options", "an object", options);
  checkRedaction(options);
  for (const key of ["serializer", "stableValueSerializer", "errorSerializer"])
    checkSerializer(options, key);
  const derivedFrom = ownOption(options, "derivedFrom");
  if (
    derivedFrom !== undefined &&
    !(Array.isArray(derivedFrom) && derivedFrom.every((id) => typeof id === "string"))
  )
    throw invalidArgument("options.derivedFrom", "a list of ids", derivedFrom);
  const restore = ownOption(options, "restore");
  if (restore !== undefined && !restores.includes(restore))
    throw invalidArgument("options.restore", `one of ${restores.join(", ")}`, restore);
}

function requireMethods(source: unknown, names: readonly string[]): void {
  if (typeof source !== "object" || source === null)
    throw invalidArgument("source", "a handle", source);
  for (const name of names)
    requireFunction(`source.${name}`, (source as Record<string, unknown>)[name]);
}

function requirePair(source: unknown, names: readonly string[]): void {
  if (!Array.isArray(source)) throw invalidArgument("source", "a list of getter and meta", source);
  requireFunction("source[0]", source[0]);
  requireMethods(source[1], names);
}

/** The nodes of a graph that its snapshots are of. */
export class SnapshotScope {
  readonly graphId: string;
  readonly graphVersion: string;
  readonly instanceId: string | undefined;
  readonly now: () => number;
  /** A Map: an id may be any text, also the name of a member of Object.prototype. */
  readonly #registrations = new Map<string, SnapshotRegistration>();

  constructor(options: SnapshotScopeOptions = {}) {
    if (typeof options !== "object" || options === null)
      throw invalidArgument("options", "an object", options);
    const clock = ownOption(options, "now") ?? now;
    requireFunction("options.now", clock);
    this.graphId = textOption(options, "graphId") ?? DEFAULT_SNAPSHOT_GRAPH_ID;
    this.graphVersion = textOption(options, "graphVersion") ?? DEFAULT_SNAPSHOT_GRAPH_VERSION;
    this.instanceId = textOption(options, "instanceId");
    this.now = clock as () => number;
  }

  /** Registers a signal: it is captured and restored. Throws SnapshotError when the id is taken. */
  signal<T>(
    id: string,
    source: WritableSignal<T>,
    options: SnapshotNodeOptions<NoInfer<T>> = {},
  ): this {
    requireMethods(source, ["get", "peek", "set"]);
    checkOptions(options, []);
    return this.#add({ id, kind: "signal", options, source } as SignalRegistration);
  }

  /** Registers a computed: it is captured to be looked at, and follows from what it reads. */
  computed<T>(
    id: string,
    source: Readable<T>,
    options: ComputedSnapshotOptions<NoInfer<T>> = {},
  ): this {
    requireMethods(source, ["get"]);
    checkOptions(options, []);
    return this.#add({ id, kind: "computed", options, source } as ComputedRegistration);
  }

  /** Registers a resource, or any other single-shot cell, by its getter and its meta. */
  resource<T, E = unknown>(
    id: string,
    source: ResourceTuple<T, E>,
    options: ResourceSnapshotOptions<NoInfer<T>> = {},
  ): this {
    requirePair(source, ["status", "error"]);
    checkOptions(options, ["inspect-only", "reload", "seed"]);
    if (options.restore === "seed" && portOf(source[1])?.isSeedable === false)
      throw new SnapshotError(
        "ERR_SK_SNAPSHOT_NODE",
        `Snapshot node ${id} is an async computed, which cannot be seeded: what it has read is not in a snapshot. Use restore: "reload".`,
      );
    return this.#add({ id, kind: "resource", options, source } as ResourceRegistration);
  }

  /** Registers a stream by its getter and its meta. */
  stream<T, E = unknown>(
    id: string,
    source: StreamResourceTuple<T, E>,
    options: StreamSnapshotOptions<NoInfer<T>> = {},
  ): this {
    requirePair(source, ["status", "error", "stableValue"]);
    checkOptions(options, ["inspect-only", "reload", "stable-value"]);
    return this.#add({ id, kind: "stream", options, source } as StreamRegistration);
  }

  /** What is registered under an id. */
  getRegistration(id: string): SnapshotRegistration | undefined {
    return this.#registrations.get(id);
  }

  /** All registrations, in their order. */
  listRegistrations(): SnapshotRegistration[] {
    return [...this.#registrations.values()];
  }

  #add(registration: SnapshotRegistration): this {
    const { id } = registration;
    if (typeof id !== "string") throw invalidArgument("id", "a string", id);
    if (this.#registrations.has(id))
      throw new SnapshotError("ERR_SK_SNAPSHOT_NODE", `Duplicate snapshot node id: ${id}`);
    this.#registrations.set(id, registration);
    return this;
  }
}

/**
 * Creates a scope, in which the nodes of a graph are registered under ids that stay the same from one
 * process to the next.
 *
 * @param options `graphId` and `graphVersion`, which a document must have to be restored; `instanceId`;
 *   `now`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad options.
 * @example
 * const scope = createSnapshotScope({ graphId: "profile", graphVersion: "3" })
 *   .signal("id", id)
 *   .signal("token", token, { redaction: "omit" })
 *   .resource("user", [user, meta], { restore: "seed" });
 * const document = captureSnapshot(scope);
 */
export function createSnapshotScope(options?: SnapshotScopeOptions): SnapshotScope {
  return new SnapshotScope(options);
}
